package sqlstore

// flush brings counters that the session keeps up to date.
func (r *Reader) flush() error {
	if c, ok := r.session.(Counter); ok {
		return c.Flush()
	}
	return nil
}

// Placed is that of store.Reader.
func (r *Reader) Placed(organization string) (int, error) {
	if err := r.flush(); err != nil {
		return 0, err
	}
	total, err := r.number("SELECT coalesce(sum(total), 0) FROM placement WHERE organization = ?", organization)
	return int(total), err
}

// clear removes the resources of a directory.
func (t *Tx) clear(directory string) error {
	const those = "collection IN (SELECT seq FROM collection WHERE directory = ?)"
	if _, ok := t.session.(Counter); ok {
		err := t.rows("SELECT collection, min(seq), organization, count(*) FROM resource WHERE "+those+
			" GROUP BY collection, organization, seq >> ?", []any{directory, blockBits}, func(scan Scan) (bool, error) {
			var collection, seq, gone int64
			var organization string
			err := scan(&collection, &seq, &organization, &gone)
			t.count(collection, seq, organization, -int(gone))
			return true, err
		})
		if err != nil {
			return err
		}
	}
	_, err := t.change("DELETE FROM resource WHERE "+those, directory)
	return err
}
