package sqlstore

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"scimproof/server/store"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum is kept beside a record. SQLite knows when the structure of a file is damaged, but not when a bit of its content has flipped.
func checksum(r store.Record) int64 {
	buf := make([]byte, 0, 512)
	for _, n := range [...]int64{r.Version, millis(r.Created), millis(r.Modified)} {
		buf = binary.AppendVarint(buf, n)
	}
	for _, s := range [...]string{r.ID, r.Source, r.Organization, r.Display} {
		buf = binary.AppendUvarint(buf, uint64(len(s)))
		buf = append(buf, s...)
	}
	sum := crc32.Checksum(buf, castagnoli)
	for _, b := range [...][]byte{r.Hidden, r.Secret, r.Body} {
		sum = crc32.Update(sum, castagnoli, binary.AppendUvarint(buf[:0], uint64(len(b))))
		sum = crc32.Update(sum, castagnoli, b)
	}
	return int64(sum)
}

// Verify refuses a record that is not as it was written.
func Verify(r store.Record, sum int64) error {
	if checksum(r) != sum {
		return fmt.Errorf("%s %s is damaged on disk; restore the store from a backup", r.Type, r.ID)
	}
	return nil
}
