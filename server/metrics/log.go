package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"scimproof/server/calllog"
)

var (
	logWritten = prometheus.NewDesc("scimproof_calllog_written_total", "Records that the call log has written.", nil, nil)
	logDropped = prometheus.NewDesc("scimproof_calllog_dropped_total", "Records that the call log has dropped.", nil, nil)
	logLost    = prometheus.NewDesc("scimproof_calllog_exchanges_dropped_total", "Exchanges of failures that the call log has dropped.", nil, nil)
	logSpared  = prometheus.NewDesc("scimproof_calllog_exchanges_spared_total", "Exchanges of failures that were too many in their second to be recorded.", nil, nil)
	logRemoved = prometheus.NewDesc("scimproof_calllog_removed_total", "Records that the call log has removed for their age or to make room.", nil, nil)
	logSize    = prometheus.NewDesc("scimproof_calllog_size_bytes", "Bytes that the segments of the call log take up.", nil, nil)
)

// logCollector asks a call log for its sums when they are shown. Where its directory cannot be read, the size is missing.
type logCollector struct{ log *calllog.Log }

func (l logCollector) Describe(to chan<- *prometheus.Desc) {
	to <- logWritten
	to <- logDropped
	to <- logLost
	to <- logSpared
	to <- logRemoved
	to <- logSize
}

func (l logCollector) Collect(to chan<- prometheus.Metric) {
	s := l.log.Stats()
	to <- prometheus.MustNewConstMetric(logWritten, prometheus.CounterValue, float64(s.Written))
	to <- prometheus.MustNewConstMetric(logDropped, prometheus.CounterValue, float64(s.Dropped))
	to <- prometheus.MustNewConstMetric(logLost, prometheus.CounterValue, float64(s.ExchangesDropped))
	to <- prometheus.MustNewConstMetric(logSpared, prometheus.CounterValue, float64(s.ExchangesSpared))
	to <- prometheus.MustNewConstMetric(logRemoved, prometheus.CounterValue, float64(s.Removed))
	size, err := l.log.Size()
	if err != nil {
		to <- prometheus.NewInvalidMetric(logSize, err)
		return
	}
	to <- prometheus.MustNewConstMetric(logSize, prometheus.GaugeValue, float64(size))
}
