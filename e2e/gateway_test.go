package e2e

import (
	"strings"
	"testing"
	"time"

	"foyer/payments/gatewaytest"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

const telephone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"

// windows are the gateways' ways to show their window: a page of its own where nothing else is said.
var windows = map[string]func(b *tab, card string){
	"allat": func(b *tab, card string) {
		b.comesTo("/pay/")
		popUp := b.opens(func() { b.click(`[data-state=ready] [data-launch]`) })
		popUp.presses(card)
	},
	"allat on a telephone": func(b *tab, card string) {
		b.comesTo("/pay/")
		b.click(`[data-state=ready] [data-launch]`)
		b.pressesIn(`#ALLAT_MOBILE_FRAME`, card)
	},
	"portonev1": func(b *tab, card string) {
		b.comesTo("/pay/")
		b.pressesIn(`iframe`, card)
	},
}

func TestEveryGatewayTakesACardInABrowser(t *testing.T) {
	for _, kit := range []gatewaytest.Kit{gatewaytest.Allat, gatewaytest.Bootpay, gatewaytest.PortoneV1, gatewaytest.PortoneV2, gatewaytest.Stripe, gatewaytest.Toss} {
		s := newKitSite(t, kit)
		for _, on := range []string{"", " on a telephone"} {
			if on != "" && windows[kit.Gateway] == nil {
				continue // it leads to a page of its own there, too
			}
			t.Run(kit.Gateway+on, func(t *testing.T) {
				b := s.browse(t, "ko")
				if on != "" {
					b.telephone()
				}
				b.toPayment("pays"+strings.ReplaceAll(on, " ", "-")+"@example.org", false)
				b.submit("pay")
				if window, own := windows[kit.Gateway+on]; own {
					window(b, kit.Card)
				} else {
					b.comesTo(s.gateway.url)
					b.presses(kit.Card)
				}
				b.comesTo("/o/")
				b.sees(words["ko"].paid)
			})
		}
		s.sameBooks()
		s.kill()
	}
}

// telephone makes the browser say that it is one.
func (b *tab) telephone() {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: telephone}); err != nil {
		b.t.Fatal(err)
	}
}

// opens gives the pop-up that do opens.
func (b *tab) opens(do func()) *tab {
	b.t.Helper()
	opened := chromedp.WaitNewTarget(b.ctx, func(info *target.Info) bool { return strings.HasPrefix(info.URL, b.site.gateway.url) })
	do()
	select {
	case id := <-opened:
		ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithTargetID(id))
		popUp := &tab{t: b.t, site: b.site, ctx: ctx, lang: b.lang}
		popUp.listen(cancel)
		return popUp
	case <-time.After(10 * time.Second):
		b.t.Fatal("no pop-up has opened")
		return nil
	}
}

// pressesIn takes a test card in a window that is a frame of the page.
func (b *tab) pressesIn(frame, card string) {
	b.t.Helper()
	b.site.eventually("the window stands in "+frame, 10*time.Second, func() bool {
		frames, err := chromedp.Run(b.ctx, chromedp.Nodes(chromedp.CSS(frame), chromedp.AtLeast(0)))
		if err != nil || len(frames) == 0 {
			return false
		}
		found, err := chromedp.Run(b.ctx, chromedp.Nodes(chromedp.CSS(`[data-testid="card-`+card+`"]`), chromedp.FromNode(frames[0]), chromedp.AtLeast(0)))
		if err != nil || len(found) == 0 {
			return false
		}
		return chromedp.Do(b.ctx, chromedp.MouseClickNode(found[0])) == nil
	})
}
