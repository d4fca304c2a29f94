package calllog

import (
	"encoding/binary"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Call is the record of one SCIM call. What is not known, or does not apply, is empty.
type Call struct {
	Time          time.Time `json:"time"` // when it began
	Instance      string    `json:"instance"`
	Application   string    `json:"application"`
	Token         string    `json:"token"` // id of the token that opened it, once that was found good; never the token
	Event         string    `json:"event"` // such as urn:alibaba:idaas:event:user:create
	Operation     string    `json:"operation"`
	ResourceType  string    `json:"resourceType"`
	Target        string    `json:"target"` // id of the resource
	Method        string    `json:"method"`
	Path          string    `json:"path"` // below the base URL, with the names of the query's parameters and none of their values
	Status        int       `json:"status"`
	ScimType      string    `json:"scimType"`
	Reason        string    `json:"reason"` // detail of the Error
	LatencyMicros int64     `json:"latencyMicros"`
	BytesIn       int64     `json:"bytesIn"`
	BytesOut      int64     `json:"bytesOut"`
	Correlation   string    `json:"correlation"`
	Part          int       `json:"part"` // which operation of a /Bulk request it is, from 1 on; such a record stands beside that of the request
}

// Failed says whether a call ended with an error, or broke off.
func (c Call) Failed() bool { return c.Status >= 400 || c.Reason != "" }

// Bounds of what a client chooses, in bytes: a record is small whatever was sent.
const (
	reasonBound = 512
	pathBound   = 256
	nameBound   = 128
)

// bound cuts what a client chooses to its bound.
func (c *Call) bound() {
	c.Reason, c.Path = cut(c.Reason, reasonBound), cut(c.Path, pathBound)
	for _, name := range []*string{&c.Instance, &c.Application, &c.Token, &c.Event, &c.Operation, &c.ResourceType, &c.Target, &c.Method, &c.ScimType, &c.Correlation} {
		*name = cut(*name, nameBound)
	}
}

// cut is the beginning of a text, of a length at most, without half a character at its end. It keeps none of the memory of a long one.
func cut(s string, length int) string {
	if len(s) <= length {
		return s
	}
	return strings.Clone(strings.ToValidUTF8(s[:length], ""))
}

// appendCall writes a call as a line of JSON. Members that are empty are left out.
func appendCall(dst []byte, c *Call) []byte {
	dst = append(dst, `{"time":"`...)
	dst = c.Time.UTC().AppendFormat(dst, time.RFC3339Nano)
	dst = append(dst, '"')
	dst = appendText(dst, `,"instance":`, c.Instance)
	dst = appendText(dst, `,"application":`, c.Application)
	dst = appendText(dst, `,"token":`, c.Token)
	dst = appendText(dst, `,"event":`, c.Event)
	dst = appendText(dst, `,"operation":`, c.Operation)
	dst = appendText(dst, `,"resourceType":`, c.ResourceType)
	dst = appendText(dst, `,"target":`, c.Target)
	dst = appendText(dst, `,"method":`, c.Method)
	dst = appendText(dst, `,"path":`, c.Path)
	dst = appendNumber(dst, `,"status":`, int64(c.Status))
	dst = appendText(dst, `,"scimType":`, c.ScimType)
	dst = appendText(dst, `,"reason":`, c.Reason)
	dst = appendNumber(dst, `,"latencyMicros":`, c.LatencyMicros)
	dst = appendNumber(dst, `,"bytesIn":`, c.BytesIn)
	dst = appendNumber(dst, `,"bytesOut":`, c.BytesOut)
	dst = appendText(dst, `,"correlation":`, c.Correlation)
	dst = appendNumber(dst, `,"part":`, int64(c.Part))
	return append(dst, '}', '\n')
}

// appendText writes a member, whose name comes with all that stands around it.
func appendText(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(dst, name...)
	begin := len(dst)
	dst = append(append(append(dst, '"'), value...), '"')
	if plain(dst[begin+1 : len(dst)-1]) {
		return dst
	}
	dst, _ = jsontext.AppendQuote(dst[:begin], value) // the error says that invalid UTF-8 has been replaced
	return dst
}

func appendNumber(dst []byte, name string, value int64) []byte {
	if value == 0 {
		return dst
	}
	return strconv.AppendInt(append(dst, name...), value, 10)
}

// plain says whether a text stands for itself in JSON, as most do. It looks at eight bytes at once.
func plain(text []byte) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for ; len(text) >= 8; text = text[8:] {
		word := binary.LittleEndian.Uint64(text)
		quote, backslash := word^(ones*'"'), word^(ones*'\\')
		// The high bit of a byte is set where it was so before, or where the byte is less than what is taken from it.
		if (word|(word-ones*' ')|(quote-ones)|(backslash-ones))&high != 0 {
			return simple(text)
		}
	}
	return simple(text)
}

// simple is plain byte by byte.
func simple(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
