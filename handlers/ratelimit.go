package handlers

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"
)

// postsPerMinute is how many posts one address may make on attendees' pages: a campus shares one address.
const postsPerMinute = 1200

// maxBuckets bounds the addresses that are remembered.
const maxBuckets = 50_000

// limiter counts requests per address. The zero value is not usable.
type limiter struct {
	every rate.Limit
	burst int

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

// newLimiter makes a limiter of n requests a minute, which may also come all at once.
func newLimiter(n int) *limiter {
	return &limiter{every: rate.Limit(float64(n) / 60), burst: n, buckets: map[string]*rate.Limiter{}}
}

// allow reports whether one more request from this address is within the limit at now.
func (l *limiter) allow(address string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[address]
	if b == nil {
		if len(l.buckets) >= maxBuckets {
			l.forget(now)
		}
		b = rate.NewLimiter(l.every, l.burst)
		l.buckets[address] = b
	}
	return b.AllowN(now, 1)
}

// forget drops the addresses that have been quiet; a full bucket tells nothing. If that is not enough, it drops them all.
func (l *limiter) forget(now time.Time) {
	for address, b := range l.buckets {
		if b.TokensAt(now) >= float64(l.burst) {
			delete(l.buckets, address)
		}
	}
	if len(l.buckets) >= maxBuckets {
		clear(l.buckets)
	}
}

// limitPosts refuses attendees' posts beyond the limit of their address.
func (s *Server) limitPosts(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.cfg.Rate && !s.posts.allow(bucketOf(c.RealIP()), time.Now()) {
			return echo.NewHTTPError(http.StatusTooManyRequests)
		}
		return next(c)
	}
}

// bucketOf groups addresses that surely belong together: an IPv6 subscriber has a whole /64.
func bucketOf(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Is4() || ip.Is4In6() {
		return address
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}

// addressOf says how to find a visitor's address: the connection's own, unless it belongs to a trusted proxy, which then names it.
func addressOf(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		_, network, err := net.ParseCIDR(p.Masked().String())
		if err == nil {
			options = append(options, echo.TrustIPRange(network))
		}
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
