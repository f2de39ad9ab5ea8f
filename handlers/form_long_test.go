package handlers

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAFormThatIsTooLongIsAnsweredOnceItIsSent(t *testing.T) {
	s := newSite(t)
	address := strings.TrimPrefix(s.url, "http://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	const long = 12 << 20 // more than fits between two ends of a connection
	fmt.Fprintf(conn, "POST /find HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", address, s.url, long)
	if n, err := io.Copy(conn, strings.NewReader("email="+strings.Repeat("a", long-len("email=")))); err != nil {
		t.Fatalf("the connection ends after %d bytes: %v", n, err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Fatalf("the answer is %v, %v", answer, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if page, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(page), "</html>") {
		t.Errorf("the page ends after %d bytes: %v", len(page), err)
	}
}
