package account

// Letter is one message to one person, as plain text in their language. It
// waits in the outbox until a job sends it.
type Letter struct {
	To      string
	Subject string
	Body    string
}
