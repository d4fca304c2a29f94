// Package metrics counts the SCIM calls of a server and shows the sums in the text format of Prometheus.
//
// No label has a value that a client chooses: applications are those that exist, operations and statuses are closed lists. To count
// something more of a call, give Metrics a collector, register it in New and move it in Observe.
package metrics

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"scimproof/server/calllog"
)

const (
	otherOperation = "other" // than calllog.Operations
	noApplication  = "none"  // of a call to a base URL that is nobody's
)

// latencies are the upper bounds of the histogram in seconds: half a millisecond to about half a minute.
var latencies = prometheus.ExponentialBuckets(0.0005, 2, 17)

// Metrics are the sums of one server. Any number of goroutines may use them at once.
type Metrics struct {
	calls   *prometheus.CounterVec
	latency map[string]prometheus.Observer // by operation
	in, out prometheus.Counter
	handler http.Handler
	alone   *prometheus.Registry // has calls and nothing else
}

// New makes metrics that begin at zero, with those of the process and, where there is one, of the call log.
func New(log *calllog.Log) *Metrics {
	latency := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "scimproof_call_duration_seconds", Help: "How long SCIM calls took.", Buckets: latencies,
	}, []string{"operation"})
	m := &Metrics{
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "scimproof_calls_total", Help: "SCIM calls that were answered, or broke off.",
		}, []string{"application", "operation", "status"}),
		latency: map[string]prometheus.Observer{otherOperation: latency.WithLabelValues(otherOperation)},
		in:      sum("scimproof_received_bytes_total", "Bytes of the bodies of SCIM requests that were read."),
		out:     sum("scimproof_sent_bytes_total", "Bytes of the bodies of SCIM answers."),
	}
	for _, operation := range calllog.Operations() {
		m.latency[operation] = latency.WithLabelValues(operation)
	}
	m.alone = prometheus.NewRegistry()
	m.alone.MustRegister(m.calls)
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.calls, latency, m.in, m.out, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if log != nil {
		registry.MustRegister(logCollector{log})
	}
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, Registry: registry})
	return m
}

func sum(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

// Observe adds a call to the sums.
func (m *Metrics) Observe(c calllog.Call) {
	operation, application := c.Operation, c.Application
	latency, known := m.latency[operation]
	if !known {
		operation, latency = otherOperation, m.latency[otherOperation]
	}
	if application == "" {
		application = noApplication
	}
	m.calls.WithLabelValues(application, operation, strconv.Itoa(c.Status)).Inc()
	latency.Observe(float64(c.LatencyMicros) / 1e6)
	m.in.Add(float64(c.BytesIn))
	m.out.Add(float64(c.BytesOut))
}

// Forget drops the sums of the applications that are gone, and keeps those of the calls that were nobody's.
func (m *Metrics) Forget(gone func(application string) bool) error {
	families, err := m.alone.Gather()
	if err != nil {
		return err
	}
	asked := map[string]bool{noApplication: true}
	for _, family := range families {
		for _, sum := range family.GetMetric() {
			id := sum.GetLabel()[0].GetValue() // labels come in the order of their names
			if !asked[id] && gone(id) {
				m.calls.DeletePartialMatch(prometheus.Labels{"application": id})
			}
			asked[id] = true
		}
	}
	return nil
}

// Handler shows the sums to whoever asks; who may ask is for the caller to decide.
func (m *Metrics) Handler() http.Handler { return m.handler }
