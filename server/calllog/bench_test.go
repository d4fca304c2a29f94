package calllog

import (
	"testing"
	"time"
)

// BenchmarkRecord is what a record costs on its way to the disk, the work of the writer included.
func BenchmarkRecord(b *testing.B) {
	l, err := Open(Config{Dir: b.TempDir(), MaxBytes: 64 << 20, Clock: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	c := Call{
		Time: noon, Instance: "idaas_3shjdbtsfgdtftow3tvkt6jxda", Application: "app_roijws2xk4yotetutqyvj3qmbx", Token: "token_e6pea6ptrqfrb4ubgf2eokijog",
		Event: "urn:alibaba:idaas:event:user:get", Operation: "read", ResourceType: "User", Target: "user_balbbxqfir7lmusqg7umrmfjrk", Method: "GET",
		Path: "/Users/user_balbbxqfir7lmusqg7umrmfjrk", Status: 200, LatencyMicros: 57, BytesOut: 300, Correlation: "aaaaaaaaaaaaaaaaaaaaaaaaaa",
	}
	b.ReportAllocs()
	for i := 1; b.Loop(); i++ {
		l.Record(c)
		if i%256 == 0 { // so that none is dropped
			if err := l.Settle(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
	if s := l.Stats(); s.Dropped > 0 {
		b.Errorf("%+v", s)
	}
}
