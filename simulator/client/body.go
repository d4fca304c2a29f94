package client

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"
)

var errTooLarge = errors.New("the body is too large")

// readBody reads the body of an answer, decoded where that is possible; one that does not decode stays as it came. With an error it gives what came.
func readBody(res *http.Response, limit int64) ([]byte, error) {
	defer res.Body.Close()
	if res.StatusCode == http.StatusSwitchingProtocols {
		return nil, nil // what follows is another protocol
	}
	body, err := readAll(res.Body, limit)
	if err != nil || len(body) == 0 {
		return body, err
	}
	decoded, err := decode(res.Header.Get("Content-Encoding"), body, limit)
	if errors.Is(err, errTooLarge) {
		return decoded, err
	}
	if err != nil {
		return body, nil
	}
	return decoded, nil
}

func readAll(r io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if int64(len(body)) > limit {
		return body[:limit], errTooLarge
	}
	return body, err
}

func decode(encoding string, body []byte, limit int64) ([]byte, error) {
	var r io.Reader
	var err error
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate": // zlib by RFC 9110 section 8.4.1.2, though servers send it bare too
		if r, err = zlib.NewReader(bytes.NewReader(body)); err != nil {
			r, err = flate.NewReader(bytes.NewReader(body)), nil
		}
	default:
		return body, nil
	}
	if err != nil {
		return nil, err
	}
	return readAll(r, limit)
}
