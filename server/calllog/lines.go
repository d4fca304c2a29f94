package calllog

import (
	"bufio"
	"bytes"
	"io"
)

// longestLine is how many bytes a line has at most; a longer one is none of the log's, and is passed over.
const longestLine = 1 << 20

// blockBytes is how much of a segment is read at once.
const blockBytes = 64 << 10

// eachLine gives lines to fn, which keeps none of them, until it fails. The last one may be half a line: whole says how many bytes came before it.
func eachLine(from io.Reader, fn func(line []byte) error) (whole int64, err error) {
	in := bufio.NewReaderSize(from, blockBytes)
	read := int64(0)
	var long []byte // what has been read of a line that is longer than a block
	for {
		line, err := in.ReadSlice('\n')
		read += int64(len(line))
		if len(long) > 0 || err == bufio.ErrBufferFull {
			if len(long) <= longestLine {
				long = append(long, line...)
			}
			line = long
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == nil:
			whole = read
		case err != io.EOF:
			return whole, err
		}
		if len(line) > 0 && len(line) <= longestLine {
			if err := fn(line); err != nil {
				return whole, err
			}
		}
		if err == io.EOF {
			return whole, nil
		}
		long = long[:0]
	}
}

// eachLineBack gives the lines of the first bytes of a file to fn, the last first, until it has enough.
func eachLineBack(file io.ReaderAt, size int64, fn func(line []byte) (enough bool)) error {
	var rest []byte  // the end of a line whose beginning is not read yet
	tooLong := false // whether that is a line to pass over
	for end := size; end > 0; {
		begin := max(0, end-blockBytes)
		block := make([]byte, end-begin, end-begin+int64(len(rest)))
		if _, err := file.ReadAt(block, begin); err != nil {
			return err
		}
		end = begin
		if tooLong {
			block = block[:bytes.LastIndexByte(block, '\n')+1]
			tooLong = len(block) == 0
		}
		var enough bool
		if rest, enough = linesBack(append(block, rest...), fn); enough {
			return nil
		}
		if len(rest) > longestLine {
			rest, tooLong = nil, true
		}
	}
	if len(rest) > 0 {
		fn(rest)
	}
	return nil
}

// linesBack gives fn the lines of a text but the first, and returns that.
func linesBack(text []byte, fn func(line []byte) (enough bool)) (first []byte, enough bool) {
	for len(text) > 0 {
		begin := bytes.LastIndexByte(text[:len(text)-1], '\n') + 1
		if begin == 0 {
			return text, false
		}
		if line := text[begin:]; len(line) <= longestLine && fn(line) {
			return nil, true
		}
		text = text[:begin]
	}
	return nil, false
}
