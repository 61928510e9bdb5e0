package mail

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"mime"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"globalbrain/internal/account"
)

var letter = account.Letter{To: "ada@example.org", Subject: "请确认\nBcc: x@evil.example", Body: "您好\n\nhttps://ideas.example/verify?t=1\n.\nend"}

func TestAMessageSaysWhatTheLetterSays(t *testing.T) {
	t.Parallel()
	raw, err := compose("Global Brain <no-reply@ideas.example>", letter, time.Date(2026, 8, 3, 14, 5, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\n\r") {
			t.Errorf("a line that servers refuse: %q", line)
		}
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Get("Bcc") != "" {
		t.Error("the subject started another header")
	}
	if to, err := m.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != letter.To {
		t.Errorf("to %v, %v", to, err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "请确认 Bcc: x@evil.example" {
		t.Errorf("subject %q, %v", subject, err)
	}
	body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
	if err != nil || string(body) != strings.ReplaceAll(letter.Body, "\n", "\r\n") {
		t.Errorf("body %q, %v", body, err)
	}
}

func TestSettingsWithoutAServerOrASenderAreRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []SMTP{{Addr: "mail.example", From: "a@b.example"}, {Addr: "mail.example:587", From: "nobody"}} {
		if s.Check() == nil {
			t.Errorf("%+v was taken", s)
		}
	}
	if err := (SMTP{Addr: "mail.example:587", From: "Us <a@b.example>"}).Check(); err != nil {
		t.Error(err)
	}
}

func TestALetterReachesTheServerOverTLS(t *testing.T) {
	t.Parallel()
	server := startServer(t, true)
	s := SMTP{Addr: server.addr, User: "brain", Password: "secret", From: "Us <a@b.example>", TLS: &tls.Config{RootCAs: server.roots, MinVersion: tls.VersionTLS12}}
	if err := s.Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	got := <-server.got
	if !got.secure || got.from != "<a@b.example>" || got.to != "<ada@example.org>" || got.auth == "" || !strings.Contains(got.message, "Auto-Submitted") {
		t.Errorf("got %+v", got)
	}
}

func TestAServerWithAForeignCertificateGetsNothing(t *testing.T) {
	t.Parallel()
	server := startServer(t, true)
	s := SMTP{Addr: server.addr, From: "a@b.example", TLS: &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}}
	if err := s.Send(t.Context(), letter); err == nil {
		t.Error("the letter was handed to a stranger")
	}
}

func TestAServerWithoutTLSIsRefusedUnlessItIsThisMachine(t *testing.T) {
	t.Parallel()
	server := startServer(t, false)
	if err := (SMTP{Addr: server.addr, From: "a@b.example"}).Send(t.Context(), letter); err != nil {
		t.Errorf("a server on this machine: %v", err)
	}
	conn, err := net.Dial("tcp", server.addr)
	if err != nil {
		t.Fatal(err)
	}
	if client, err := greet(conn, "mail.example", false, &tls.Config{MinVersion: tls.VersionTLS12}); !errors.Is(err, errNoTLS) {
		t.Errorf("a server elsewhere without TLS: %v, %v", client, err)
	}
}

func TestARefusalDoesNotNameTheReceiver(t *testing.T) {
	t.Parallel()
	server := startServer(t, false)
	err := SMTP{Addr: server.addr, From: "a@b.example"}.Send(t.Context(), account.Letter{To: "nobody@example.org", Body: "x"})
	if err == nil || !strings.Contains(err.Error(), "no such person") || strings.Contains(err.Error(), "nobody@") {
		t.Errorf("the refusal says %v", err)
	}
}

func TestTheLogLearnsNothingOfALetter(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := (Unsent{slog.New(slog.NewTextHandler(&out, nil))}).Send(context.Background(), letter); err != nil {
		t.Fatal(err)
	}
	if log := out.String(); !strings.Contains(log, "outbox") || strings.Contains(log, "ada") || strings.Contains(log, "verify") {
		t.Errorf("the log says %q", log)
	}
}

// received is what the test's mail server was given.
type received struct {
	secure         bool
	auth, from, to string
	message        string
}

type server struct {
	addr  string
	roots *x509.CertPool
	got   chan received
}

// startServer answers one client as a mail server does, as far as net/smtp asks.
func startServer(t *testing.T, offerTLS bool) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	cert, roots := certificate(t)
	s := &server{addr: l.Addr().String(), roots: roots, got: make(chan received, 4)}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(conn, offerTLS, cert)
		}
	}()
	return s
}

func (s *server) talk(conn net.Conn, offerTLS bool, cert tls.Certificate) {
	defer func() { _ = conn.Close() }()
	var got received
	in := bufio.NewReader(conn)
	say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
	say("220 test")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			if offerTLS && !got.secure {
				say("250-test\r\n250 STARTTLS")
			} else {
				say("250-test\r\n250 AUTH PLAIN")
			}
		case "STARTTLS":
			say("220 go")
			conn = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12})
			in, got.secure = bufio.NewReader(conn), true
		case "AUTH":
			got.auth = rest
			say("235 ok")
		case "MAIL":
			got.from, _, _ = strings.Cut(strings.TrimPrefix(rest, "FROM:"), " ")
			say("250 ok")
		case "RCPT":
			got.to = strings.TrimPrefix(rest, "TO:")
			if got.to == "<nobody@example.org>" {
				say("550 5.1.1 " + got.to + ": no such person")
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go")
			for {
				line, err := in.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				got.message += line
			}
			s.got <- got
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		}
	}
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	plan := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, plan, plan, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, roots
}
