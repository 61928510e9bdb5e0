package middleware

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestOnlyTrustedProxiesSayWhoTheClientIs(t *testing.T) {
	t.Parallel()
	proxies, err := ParseProxies("10.0.0.0/8, 2001:db8::1")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, remote string
		hops         []string
		want         string
	}{
		{"no proxy", "192.0.2.7:1", nil, "192.0.2.7"},
		{"a stranger who makes up a header", "192.0.2.7:1", []string{"203.0.113.9"}, "192.0.2.7"},
		{"one proxy", "10.1.1.1:1", []string{"203.0.113.9"}, "203.0.113.9"},
		{"two proxies", "10.1.1.1:1", []string{"203.0.113.9, 10.2.2.2"}, "203.0.113.9"},
		{"the client made up the beginning", "10.1.1.1:1", []string{"198.51.100.1, 203.0.113.9, 10.2.2.2"}, "203.0.113.9"},
		{"two headers", "10.1.1.1:1", []string{"198.51.100.1", "203.0.113.9"}, "203.0.113.9"},
		{"an IPv6 proxy", "[2001:db8::1]:1", []string{"203.0.113.9"}, "203.0.113.9"},
		{"a proxy that says nothing", "10.1.1.1:1", nil, "10.1.1.1"},
		{"a proxy that says nonsense", "10.1.1.1:1", []string{"unknown"}, "10.1.1.1"},
	}
	for _, tt := range tests {
		got := ""
		h := forwarded(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = ClientAddress(r) }), proxies)
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.RemoteAddr = tt.remote
		for _, hop := range tt.hops {
			r.Header.Add("X-Forwarded-For", hop)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestProxiesAreAddressesOrNetworks(t *testing.T) {
	t.Parallel()
	if list, err := ParseProxies(" "); err != nil || len(list) != 0 {
		t.Errorf("none: %v, %v", list, err)
	}
	for _, bad := range []string{"everybody", "10.0.0.0/99", "10.0.0.1:80"} {
		if _, err := ParseProxies(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
