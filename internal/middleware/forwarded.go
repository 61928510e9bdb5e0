package middleware

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// ParseProxies reads a list of addresses and networks, separated by commas.
func ParseProxies(list string) ([]netip.Prefix, error) {
	var proxies []netip.Prefix
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		network, err := netip.ParsePrefix(part)
		if err != nil {
			one, errOne := netip.ParseAddr(part)
			if errOne != nil {
				return nil, fmt.Errorf("read trusted proxies: %q is no address or network", part)
			}
			network = netip.PrefixFrom(one, one.BitLen())
		}
		proxies = append(proxies, network.Masked())
	}
	return proxies, nil
}

// forwarded puts the client's own address in the place of a trusted proxy's.
// X-Forwarded-For is read from its end, where the nearest proxy wrote, up to the
// first address that is not trusted: what stands before that, anybody can make up.
func forwarded(next http.Handler, proxies []netip.Prefix) http.Handler {
	if len(proxies) == 0 {
		return next
	}
	trusted := func(ip netip.Addr) bool {
		for _, p := range proxies {
			if p.Contains(ip) {
				return true
			}
		}
		return false
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		at := peer.Addr().Unmap()
		for i := len(hops) - 1; i >= 0 && err == nil && trusted(at); i-- {
			hop, bad := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if bad != nil {
				break
			}
			at = hop.Unmap()
		}
		if err == nil && at != peer.Addr().Unmap() {
			r = r.Clone(r.Context())
			r.RemoteAddr = net.JoinHostPort(at.String(), "0")
		}
		next.ServeHTTP(w, r)
	})
}
