// Package notify composes Foyer's mails in Korean and English and hands them to an SMTP server.
//
// Composing is pure: a plain struct such as Registered has a method Mail that gives the finished Mail, and touches
// neither network nor clock. Sending is one call of a Sender, made from a job, so that a server that is down delays a
// mail and never a registration. An order that expires gets no mail.
package notify
