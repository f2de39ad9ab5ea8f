package handlers

import (
	"fmt"
	"net/http"
	"sync"
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

// timed finds the summary of a kind of request without building its name each time.
var timed sync.Map // kindOfRequest -> *metrics.Summary

type kindOfRequest struct {
	route, method string
	class         int // 2 for 2xx
}

// observeRequest counts one finished request under its route pattern; other methods than the usual ones share a name.
func observeRequest(route, method string, status int, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions:
	default:
		method = "other"
	}
	kind := kindOfRequest{route, method, status / 100}
	known, ok := timed.Load(kind)
	if !ok {
		name := fmt.Sprintf(`foyer_http_request_seconds{route=%q,method=%q,status="%dxx"}`, route, method, kind.class)
		known, _ = timed.LoadOrStore(kind, counted.GetOrCreateSummaryExt(name, 5*time.Minute, quantiles))
	}
	known.(*metrics.Summary).Update(took.Seconds())
}
