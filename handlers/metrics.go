package handlers

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// counted is what this process has counted.
var counted = metrics.NewSet()

// quantiles are those of the request times of the last five minutes; sum and count are for ever.
var quantiles = []float64{.5, .9, .99, 1}

// countBadSignature counts a webhook that was refused because its signature is missing or wrong.
func countBadSignature(gateway string) {
	counted.GetOrCreateCounter(fmt.Sprintf("foyer_webhook_bad_signatures_total{gateway=%q}", gateway)).Inc()
}

// Metrics serves what the process has counted, for Prometheus. It belongs on an address of its own, never on the public one.
func Metrics() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		counted.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})
	return mux
}

// observeRequest counts one finished request under its route pattern; other methods than the usual ones share a name.
func observeRequest(route, method string, status int, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions:
	default:
		method = "other"
	}
	name := "foyer_http_request_seconds{route=" + strconv.Quote(route) + `,method="` + method + `",status="` + strconv.Itoa(status/100) + `xx"}`
	counted.GetOrCreateSummaryExt(name, 5*time.Minute, quantiles).Update(took.Seconds())
}
