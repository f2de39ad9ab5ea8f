package handlers

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"github.com/labstack/echo/v4"
)

// Config is what a Server stands on.
type Config struct {
	BaseURL        string // scheme and host under which browsers reach us
	Store          *store.Store
	Cashier        *payments.Cashier
	Hold           time.Duration // places of a new order are held so long; 0: 20 minutes
	HoldMax        time.Duration // and in all never longer than this; 0: 2 hours
	Log            *slog.Logger  // nil: silence
	TrustedProxies []netip.Prefix
	Rate           bool              // limit attendees' posts
	Now            func() time.Time  // nil: time.Now
	Version        string            // of the program, told by /healthz
	Messenger      string            // key of the company that codes to telephones go through, as notify.TextSender.Company has it; "" for none
	Reaches        func(string) bool // whether a code can be sent to a telephone in E.164; nil: to all
	Jobs           []string          // kinds of jobs that this program does; others may wait without harm
}

// Server answers HTTP requests. It may be used from many goroutines.
type Server struct {
	cfg       Config
	links     Links
	https     bool
	echo      *echo.Echo
	origin    string // scheme and host of our own pages
	posts     *limiter
	hooks     *limiter // webhooks, by address
	files     *limiter // uploads, by address
	finds     *limiter // mails with links, by the address that they go to
	drafts    *serverSessions
	previews  *serverSessions     // drafts of previews
	previewed *registration.Event // that this Server shows as open to its staff; nil outside a preview
	looks     *lookups
	office    *office
}

// New makes a Server. It fails when the base address is no address.
func New(cfg Config) (*Server, error) {
	cfg = cfg.withDefaults()
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("base address %q is not an address", cfg.BaseURL)
	}
	s := &Server{
		cfg: cfg, links: Links{Base: cfg.BaseURL}, https: strings.HasPrefix(cfg.BaseURL, "https:"), echo: echo.New(),
		origin: base.Scheme + "://" + base.Host, posts: newLimiter(postsPerMinute),
		hooks: newLimiter(hooksPerMinute), finds: newLimiter(findsPerMinute), files: newLimiter(uploadsPerMinute), looks: newLookups(),
	}
	s.drafts = newServerSessions(draftRows{cfg.Store}, "/e/", store.DraftLife, s.https)
	s.previews = newServerSessions(draftRows{cfg.Store}, "/e/", previewLife, s.https)
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.handleError
	s.echo.IPExtractor = addressOf(cfg.TrustedProxies)
	s.echo.Use(s.observe, s.sameOrigin)
	s.attendeeRoutes()
	s.gatewayRoutes()
	s.staffRoutes()
	s.plainRoutes()
	return s, nil
}

func (c Config) withDefaults() Config {
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if c.Hold <= 0 {
		c.Hold = 20 * time.Minute
	}
	if c.HoldMax <= 0 {
		c.HoldMax = 2 * time.Hour
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Handler is the whole server, ready to be listened with.
func (s *Server) Handler() http.Handler { return s.echo }

// page adds a page; HEAD is answered like GET, without its body.
func (s *Server) page(path string, h echo.HandlerFunc) {
	s.echo.Match([]string{http.MethodGet, http.MethodHead}, path, h)
}

// form adds the address of a form that attendees post.
func (s *Server) form(path string, h echo.HandlerFunc) { s.echo.POST(path, h, s.limitPosts) }

func (s *Server) attendeeRoutes() {
	s.page("/", s.showHome)
	s.page("/find", s.showFind)
	s.form("/find", s.submitFind)
	s.page("/e/:event", s.showEvent)
	s.page("/e/:event/privacy", s.showPrivacy)
	s.page("/e/:event/terms", s.showTerms)

	s.page("/e/:event/register", s.orPreview(s.showRegister, (*Server).showRegister))
	s.form("/e/:event/register", s.orPreview(s.submitRegister, (*Server).submitRegister))
	s.page("/e/:event/register/person", s.orPreview(s.showPerson, (*Server).showPerson))
	s.form("/e/:event/register/person", s.orPreview(s.submitPerson, (*Server).submitPerson))
	s.page("/e/:event/register/group", s.orPreview(s.showGroup, (*Server).showGroup))
	s.form("/e/:event/register/group", s.orPreview(s.submitGroup, (*Server).submitGroup))
	s.page("/e/:event/register/group/sample.csv", s.orPreview(s.showGroupSample, (*Server).showGroupSample))
	s.page("/e/:event/register/phone", s.orPreview(s.showPhone, (*Server).showPhone))
	s.form("/e/:event/register/phone", s.orPreview(s.submitPhone, (*Server).submitPhone))
	s.page("/e/:event/register/phone/again", s.orPreview(s.showPhoneInstead, (*Server).showPhoneInstead))
	s.form("/e/:event/register/phone/again", s.orPreview(s.submitPhoneAgain, (*Server).submitPhoneAgain))
	s.page("/e/:event/register/check", s.orPreview(s.showCheck, (*Server).showCheck))
	s.form("/e/:event/register/check", s.orPreview(s.submitCheck, (*Server).endPreview))

	s.page("/e/:event/waiting", s.showWaiting)
	s.form("/e/:event/waiting", s.submitWaiting)
	s.page("/w/:code/:secret", s.showEntry)
	s.form("/w/:code/:secret/take", s.submitTake)
	s.form("/w/:code/:secret/leave", s.submitLeave)

	s.page("/o/:code/:secret", s.showOrder)
	s.page("/p/:code/:secret", s.showOwn)
	s.form("/p/:code/:secret", s.submitOwn)
	s.form("/p/:code/:secret/evidence", s.submitOwnEvidence)
	s.page("/p/:code/:secret/evidence", s.showOwnInstead)
	s.form("/p/:code/:secret/consents", s.submitOwnConsents)
	s.page("/p/:code/:secret/consents", s.showOwnInstead)
	s.page("/p/:code/:secret/phone/again", s.showOwnInstead)
	for path, find := range map[string]seating{"/p/:code/:secret/phone": s.seat, "/o/:code/:secret/phone": s.ownerSeat} {
		s.page(path, s.showOwnPhone(find))
		s.form(path, s.submitOwnPhone(find))
		s.form(path+"/again", s.submitOwnPhoneAgain(find))
	}
	s.page("/p/:code/:secret/qr.svg", s.showOwnQR)
	s.page("/p/:code/:secret/calendar.ics", s.showOwnCalendar)
	s.page("/o/:code/:secret/people", s.showPeople)
	s.page("/o/:code/:secret/people/:no", s.showMember)
	s.form("/o/:code/:secret/people/:no", s.submitMember)
	s.form("/o/:code/:secret/people/:no/link", s.submitMemberLink)
	s.page("/o/:code/:secret/status", s.showOrderStatus)
	s.form("/o/:code/:secret/pay", s.submitPay)
	s.form("/o/:code/:secret/cancel", s.submitCancel)
	s.form("/o/:code/:secret/cancel/confirm", s.confirmCancel)
	s.form("/o/:code/:secret/refund-account", s.submitAccount)
	s.form("/o/:code/:secret/renew", s.submitRenew)
	s.form("/o/:code/:secret/extend", s.submitExtend)
	for _, step := range []string{"/cancel", "/cancel/confirm", "/refund-account", "/renew", "/extend", "/pay", "/evidence", "/consents", "/phone/again"} {
		s.page("/o/:code/:secret"+step, s.showOrderInstead)
	}
	s.form("/o/:code/:secret/evidence", s.submitEvidence)
	s.form("/o/:code/:secret/consents", s.submitOrderConsents)
	s.changeRoutes()
	s.page("/o/:code/:secret/receipt/:file", s.showReceipt)
	s.page("/o/:code/:secret/calendar.ics", s.showCalendar)
	s.page("/o/:code/:secret/qr.svg", s.showQRSVG)
	s.page("/o/:code/:secret/qr.png", s.showQRPNG)
}

// gatewayRoutes are for browsers on their way to a gateway and back, and for the gateways themselves. A gateway's return settles a
// payment, so it has no HEAD.
func (s *Server) gatewayRoutes() {
	s.page("/pay/:token", s.showPay)
	s.form("/pay/:token/fallback", s.submitFallback)
	s.echo.Match([]string{http.MethodGet, http.MethodPost}, "/pay/:token/return", s.payReturn)
	s.echo.Match([]string{http.MethodGet, http.MethodPost}, "/pay/:token/fail", s.payFail)
	s.echo.POST("/pay/:token/receive", s.payReceive)
	s.page("/pay/:token/status", s.showPayStatus)
	s.page("/pay/:token/back", s.showPayBack)
	s.echo.POST("/webhooks/:event/:channel", s.receiveWebhook, s.limitHooks)
}

func (s *Server) plainRoutes() {
	s.page("/healthz", s.health)
	s.page("/readyz", s.ready)
	s.page("/static/*", s.staticFile)
	s.page("/favicon.ico", s.favicon)
	s.page("/robots.txt", s.robots)
}
