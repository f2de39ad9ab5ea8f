package sandbox

import (
	_ "embed"
	"net/http"
)

//go:embed assets/iamport.js
var portoneV1Script []byte

//go:embed assets/portonev1_done.js
var portoneV1Done []byte

// script serves the stand-in for iamport.js. It learns the sandbox's address from its own.
func (g *portoneV1) script(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*") // a page may load it with crossorigin
	_, _ = w.Write(portoneV1Script)
}
