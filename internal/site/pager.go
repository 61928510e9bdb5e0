package site

// pager is the way to the next page of a list; the way back is the browser's.
type pager struct {
	Base
	First string // the first page, when this is another one
	Next  string // the next page, when there is one
}

// pager keeps the query of this page and changes only where the list begins.
func (b Base) pager(next string) pager {
	p := pager{Base: b}
	q := b.here.Query()
	if q.Get("after") != "" {
		q.Del("after")
		p.First = b.here.Path + "?" + q.Encode()
	}
	if next != "" {
		q.Set("after", next)
		p.Next = b.here.Path + "?" + q.Encode()
	}
	return p
}
