package text

import (
	"strconv"
	"time"
)

// Date writes the day of t in t's own zone: "3 August 2026".
func (l *Locale) Date(t time.Time) string {
	month := l.T("time.month." + strconv.Itoa(int(t.Month())))
	return l.T("time.date", strconv.Itoa(t.Day()), month, strconv.Itoa(t.Year()))
}

// Time writes the day, the minute and the zone of t: "3 August 2026, 14:05 UTC".
func (l *Locale) Time(t time.Time) string {
	return l.T("time.full", l.Date(t), t.Format("15:04"), t.Format("MST"))
}

// steps are the units of Ago and Until, the largest first.
var steps = []struct {
	unit time.Duration
	key  string
}{
	{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"},
}

// Ago writes how far t is from now, in the largest whole unit: "3 days ago" or,
// when t is still to come, "in 3 days". Beyond a month it is the date.
func (l *Locale) Ago(t, now time.Time) string {
	away := now.Sub(t)
	direction := "time.ago."
	if away < 0 {
		away, direction = -away, "time.in."
	}
	if away > 30*24*time.Hour {
		return l.Date(t)
	}
	for _, s := range steps {
		if away >= s.unit {
			return l.N(direction+s.key, int(away/s.unit))
		}
	}
	return l.T("time.now")
}
