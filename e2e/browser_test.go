package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/registration"
	"foyer/views"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var (
	browserOnce  sync.Once
	browserCtx   context.Context
	browserEnd   []context.CancelFunc
	browserError error
)

// openBrowser starts one Chromium for all tests; each test gets a browser context of its own, with its own cookies.
func openBrowser() {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		browserError = fmt.Errorf("no Chromium found")
		return
	}
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "ko-KR"))
	ctx, endBrowser := chromedp.NewContext(alloc)
	browserEnd = []context.CancelFunc{endBrowser, endAlloc}
	browserCtx, browserError = ctx, chromedp.Do(ctx, chromedp.Navigate("about:blank"))
}

// closeBrowser ends the Chromium that openBrowser started; harmless when there is none.
func closeBrowser() {
	for _, end := range browserEnd {
		end()
	}
}

// tab is one page of a browser with cookies of its own.
type tab struct {
	t    *testing.T
	site *site
	ctx  context.Context
	lang string

	mu      sync.Mutex
	console []string
}

// browse opens a browser at 390 px, as a telephone has. Whatever the pages write to the console fails the test at its end.
func (s *site) browse(t *testing.T, lang string) *tab {
	t.Helper()
	browserOnce.Do(openBrowser)
	if browserError != nil {
		if os.Getenv("FOYER_TEST_NO_SKIP") != "" {
			t.Fatalf("browser: %v", browserError)
		}
		t.Skipf("browser: %v", browserError)
	}
	ctx, cancel := chromedp.NewContext(browserCtx, chromedp.WithNewBrowserContext())
	ctx, end := context.WithTimeout(ctx, 2*time.Minute)
	b := &tab{t: t, site: s, ctx: ctx, lang: lang}
	b.listen(func() { end(); cancel() })
	b.do(chromedp.EmulateViewport(390, 844))
	b.open("/e/" + s.slug + "?lang=" + lang)
	return b
}

// listen collects what the pages write to the console; each line is a failure when the test ends, and then end is called.
func (b *tab) listen(end func()) {
	messages := chromedp.Console(b.ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if line := m.String(); !strings.Contains(line, "status of 422") { // a refused form is shown again
				b.mu.Lock()
				b.console = append(b.console, line+" "+m.URL)
				b.mu.Unlock()
			}
		}
	}()
	b.t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, line := range b.console {
			b.t.Errorf("the browser's console says: %s", line)
		}
		end()
	})
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("browser at %s: %v", b.at(), err)
	}
}

func (b *tab) open(path string) {
	b.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = b.site.url + path
	}
	b.do(chromedp.Navigate(path))
}

// at is where the browser is.
func (b *tab) at() string {
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		return "nowhere"
	}
	return strings.TrimPrefix(at, b.site.url)
}

// comesTo waits until the browser is at a path with that beginning and the page has loaded.
func (b *tab) comesTo(prefix string) {
	b.t.Helper()
	b.site.eventually("the browser comes to "+prefix+" (it is at "+b.at()+")", 20*time.Second, func() bool {
		return strings.HasPrefix(b.at(), prefix) && b.has("html") && b.eval(`document.readyState`) == "complete"
	})
}

func (b *tab) eval(js string) string {
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[any](js))
	if err != nil {
		return ""
	}
	return fmt.Sprint(v)
}

func (b *tab) has(sel string) bool {
	return b.eval(`document.querySelector(`+quote(sel)+`) !== null`) == "true"
}

// text is what a person can read on the page.
func (b *tab) text() string { return b.eval(`document.body.innerText`) }

// sees waits until the page says text.
func (b *tab) sees(text string) {
	b.t.Helper()
	b.site.eventually("the page says "+text+":\n"+b.at()+"\n"+b.text(), 20*time.Second, func() bool { return strings.Contains(b.text(), text) })
}

// click presses the element with the mouse.
func (b *tab) click(sel string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(sel)))
}

// fill types into a field.
func (b *tab) fill(sel, text string) {
	b.t.Helper()
	b.eval(`document.querySelector(` + quote(sel) + `).value = ""`)
	b.do(chromedp.SendKeys(chromedp.CSS(sel), text))
}

// sets gives a field a value as a script would, for lists and quantities.
func (b *tab) sets(sel, value string) {
	b.t.Helper()
	if got := b.eval(`(() => { const f = document.querySelector(` + quote(sel) + `); f.value = ` + quote(value) + `; f.dispatchEvent(new Event("change", {bubbles: true})); return f.value })()`); got != value {
		b.t.Fatalf("%s: %s does not take %q", b.at(), sel, value)
	}
}

// hands gives a file to a field.
func (b *tab) hands(sel, path string) {
	b.t.Helper()
	b.do(chromedp.SetUploadFiles(chromedp.CSS(sel), []string{path}))
}

// says waits until the page says the words of a key in the tab's language.
func (b *tab) says(key string, args ...any) {
	b.t.Helper()
	b.sees(views.T(registration.Lang(b.lang), key, args...))
}

// refused waits for the form to be shown again with what is wrong, and looks at it.
func (b *tab) refused(name string) {
	b.t.Helper()
	b.site.eventually("the form is refused", 20*time.Second, func() bool { return b.has("#problems") && b.eval(`document.readyState`) == "complete" })
	b.looks(name)
}

// submit presses the primary button of a form.
func (b *tab) submit(form string) {
	b.t.Helper()
	b.click(`form#` + form + ` button[type=submit]:not([name])`)
}

func quote(s string) string { return fmt.Sprintf("%q", s) }

// dark switches the browser to a dark or a light scheme.
func (b *tab) scheme(name string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// looked counts the pages that axe has looked at.
var axeSource = sync.OnceValues(func() (string, error) {
	src, err := os.ReadFile(filepath.Join("node_modules", "axe-core", "axe.min.js"))
	return string(src), err
})

// accessible lets axe-core look at the page as it stands in the dark, and at its colours in the light, and measures it.
func (b *tab) accessible() {
	b.t.Helper()
	b.fits()
	axe, err := axeSource()
	if err != nil {
		if os.Getenv("FOYER_TEST_NO_SKIP") != "" {
			b.t.Fatalf("axe-core is not installed: %v", err)
		}
		b.t.Log("axe-core is not installed; the page is not looked at")
		return
	}
	for _, look := range [...]struct{ scheme, rules string }{
		{"dark", `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`}, {"light", `{type: "rule", values: ["color-contrast"]}`},
	} {
		b.scheme(look.scheme)
		if found := b.axe(axe, look.rules); found != "" {
			b.t.Errorf("axe at %s, %s, %s:\n%s", b.at(), b.lang, look.scheme, found)
		}
	}
}

// axe is what axe-core finds on the page. A page that waits for a payment goes on by itself, also while it is looked at; the next one is
// looked at then.
func (b *tab) axe(source, rules string) (found string) {
	b.t.Helper()
	b.site.eventually("axe sees a whole page", 20*time.Second, func() bool {
		got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`(async () => { if (!window.axe) { `+source+` }
			const r = await axe.run(document, {runOnly: `+rules+`});
			return r.violations.map(v => v.id + ": " + v.nodes.map(n => n.html).join(" | ")).join("\n"); })()`, chromedp.EvalAwaitPromise))
		if err != nil && !wentOn(err) {
			b.t.Fatalf("axe at %s: %v", b.at(), err)
		}
		found = got
		return err == nil
	})
	return found
}

// wentOn tells whether a script ended because the browser went to another page.
func wentOn(err error) bool {
	return strings.Contains(err.Error(), "navigated") || strings.Contains(err.Error(), "context was destroyed") || strings.Contains(err.Error(), "Cannot find context")
}

// looks looks at a page once for each language: at its width in both, with axe in Korean. With FOYER_E2E_PICTURES=DIR it is photographed
// there, light and narrow in Korean, dark and wide in English.
func (b *tab) looks(name string) {
	b.t.Helper()
	if _, had := b.site.looked.LoadOrStore(b.lang+"-"+name, true); had {
		return
	}
	if b.lang == "ko" {
		b.accessible()
	} else {
		b.fits()
	}
	dir := os.Getenv("FOYER_E2E_PICTURES")
	if dir == "" {
		return
	}
	if b.lang != "ko" {
		b.scheme("dark")
		b.do(chromedp.EmulateViewport(1280, 844))
	}
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	file := filepath.Join(dir, b.site.slug+"-"+name+"-"+b.lang+".png")
	if err := os.WriteFile(file, picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
	if b.lang != "ko" {
		b.do(chromedp.EmulateViewport(390, 844))
	}
}

// fits measures the page at the widths of a desk, of a small telephone and of a usual one, where it stays.
func (b *tab) fits() {
	b.t.Helper()
	for _, width := range []int64{1280, 320, 390} {
		b.do(chromedp.EmulateViewport(width, 844))
		if got := b.eval(`document.documentElement.scrollWidth`); got > fmt.Sprint(width) && len(got) >= len(fmt.Sprint(width)) {
			b.t.Errorf("%s is %s px wide at %d px (%s)", b.at(), got, width, b.lang)
		}
	}
}
