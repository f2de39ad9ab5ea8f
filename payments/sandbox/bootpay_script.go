package sandbox

import (
	_ "embed"
	"net/http"
)

//go:embed assets/bootpay.js
var bootpayScript []byte

// script serves the stand-in for the browser script 5.3. It learns the sandbox's address from its own.
func (g *bootpay) script(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*") // a page may load it with crossorigin
	_, _ = w.Write(bootpayScript)
}
