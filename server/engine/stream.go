package engine

import "io"

// Begin is called when an answer turns out too large to be held. It is told what the answer is, but for the body, and returns where the
// body goes, or nil to have it held all the same. Whatever error comes afterwards, the body is then not whole. Where it goes to a slow
// client, the store is being read all that time.
type Begin func(head Result) io.Writer

// held is how many bytes of an answer are held at most.
const held = 256 << 10

// stream lets the beginning of an answer leave before its end is there.
type stream struct {
	begin Begin // nil holds everything
	head  Result
	out   io.Writer // nil as long as nothing has left
}

// pass lets what has been written leave if it is much, and returns what stays.
func (s *stream) pass(data []byte) ([]byte, error) {
	if s == nil || s.begin == nil || len(data) < held {
		return data, nil
	}
	if s.out == nil {
		if s.out = s.begin(s.head); s.out == nil {
			s.begin = nil
			return data, nil
		}
	}
	_, err := s.out.Write(data)
	return data[:0], err
}

// end is the answer whose last part is given. It has no body where that has left.
func (s *stream) end(data []byte) (res Result, err error) {
	res = s.head
	if s.out == nil {
		res.Body = data
		return res, nil
	}
	_, err = s.out.Write(data)
	return res, err
}
