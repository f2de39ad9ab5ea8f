package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showReceipt handles GET /o/{code}/{secret}/receipt/{no}.pdf, for receipts and corrections of this order only.
func (s *Server) showReceipt(c echo.Context) error {
	o, err := s.owned(c)
	if err != nil {
		return err
	}
	no, isPDF := strings.CutSuffix(c.Param("file"), ".pdf")
	unknown := registration.Fail(registration.CodeNotFound, "receipt.unknown")
	if !isPDF || !isName(no) {
		return unknown
	}
	r, err := s.cfg.Store.Receipt(c.Request().Context(), no)
	if err != nil {
		return fmt.Errorf("find receipt: %w", err)
	}
	if r.OrderID != o.ID {
		return unknown
	}
	doc := ReceiptDocument(r)
	var pdf bytes.Buffer
	if err := doc.WritePDF(&pdf); err != nil {
		return fmt.Errorf("write receipt: %w", err)
	}
	c.Response().Header().Set("Content-Disposition", `inline; filename="`+doc.FileName()+`"`)
	return c.Blob(http.StatusOK, "application/pdf", pdf.Bytes())
}

// ReceiptDocument is a stored receipt as a document, in its own language: the same receipt always gives the same document.
func ReceiptDocument(r store.Receipt) documents.Receipt {
	l, b := r.Body.Lang, r.Body
	zone, err := time.LoadLocation(b.Timezone)
	if err != nil {
		zone = time.UTC
	}
	doc := documents.Receipt{
		Number: r.No, Kind: documents.ReceiptKind(r.Kind), TestMode: b.Mode != registration.Live, Lang: l, Issued: r.IssuedAt, Zone: zone,
		Issuer: documents.Issuer{
			Name: b.Organizer.Name.In(l), BusinessNumber: b.Organizer.BusinessNumber, Representative: b.Organizer.Representative,
			Address: b.Organizer.Address, Phone: b.Organizer.Phone, Email: b.Organizer.Email,
		},
		Event: documents.ReceiptEvent{Name: b.Event.In(l), Starts: b.Starts, Ends: b.Ends, Place: b.Place.In(l)},
		Payer: documents.Payer{Name: printed(b.Payer), Affiliation: b.Payer.Affiliation, Email: b.Payer.Email},
		Total: r.Amount, Tax: b.Tax, Paid: b.Paid, Method: MethodText(l, b.Method), Card: b.Card, Approval: b.Approve, OrderCode: b.OrderCode, People: b.People,
		Original: r.Corrects, Before: b.Before, Reason: worded(l, b.Reason),
	}
	for _, line := range b.Lines {
		doc.Lines = append(doc.Lines, documents.ReceiptLine{
			Description: line.Name.In(l), Quantity: int(line.Quantity),
			Amount: registration.Money{Minor: line.Unit[r.Amount.Cur] * line.Quantity, Cur: r.Amount.Cur},
		})
	}
	return doc
}

// methodKeys are the message keys of the methods that gateways tell of.
var methodKeys = map[string]string{
	"card": "channel.any", "virtual_account": "channel.virtual_account", "transfer": "channel.transfer", "bank_transfer": "channel.bank_transfer",
	"phone": "channel.phone", "easy_pay": "channel.easy_pay", "paypal": "channel.paypal",
}

// MethodText names a gateway's method for a reader; one that has no name of ours is left out.
func MethodText(l registration.Lang, method string) string {
	key := methodKeys[method]
	if key == "" {
		return ""
	}
	return views.T(l, key)
}

// showCalendar handles GET /o/{code}/{secret}/calendar.ics.
func (s *Server) showCalendar(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := EventCalendar(f.event, f.order, langOf(c), s.links).Write(&file); err != nil {
		return fmt.Errorf("write calendar file: %w", err)
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+f.event.Slug+`.ics"`)
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", file.Bytes())
}

// EventCalendar is the event as an entry for the calendar of somebody who has this order. It leads to the event's page and not to the
// order's: calendars are shared.
func EventCalendar(e *registration.Event, o *registration.Order, l registration.Lang, links Links) documents.Calendar {
	return documents.Calendar{
		UID: o.ID + "@" + e.Slug, Summary: e.Name.In(l), Location: e.Place.In(l), Description: o.Code, URL: links.Event(e.Slug),
		Starts: e.Starts, Ends: e.Ends, Stamp: o.PlacedAt,
	}
}

// qrPixels is the side of the picture that is downloaded.
const qrPixels = 480

// showQRSVG handles GET /o/{code}/{secret}/qr.svg: the check-in code of the order's registration, which is not its address.
func (s *Server) showQRSVG(c echo.Context) error {
	token, err := s.checkInToken(c)
	if err != nil {
		return err
	}
	svg, err := documents.QRSVG(token)
	if err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	return c.Blob(http.StatusOK, "image/svg+xml", []byte(svg))
}

// showQRPNG handles GET /o/{code}/{secret}/qr.png.
func (s *Server) showQRPNG(c echo.Context) error {
	token, err := s.checkInToken(c)
	if err != nil {
		return err
	}
	png, err := documents.QR(token, qrPixels)
	if err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	return c.Blob(http.StatusOK, "image/png", png)
}

// checkInToken is the check-in code of a paid order; CodeNotFound before that.
func (s *Server) checkInToken(c echo.Context) (string, error) {
	o, err := s.owned(c)
	if err != nil {
		return "", err
	}
	if o.State != registration.OrderPaid || len(o.Registrations) != 1 {
		return "", registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	return o.Registrations[0].CheckInToken, nil
}

// printed is somebody's name as documents can show it: the one in Latin letters, where it was given, instead of a name in a script that
// the font lacks.
func printed(p registration.Person) string {
	latin := strings.TrimSpace(p.GivenName + " " + p.FamilyName)
	if lacking, err := documents.Unprintable(p.Name); err != nil || lacking == "" || latin == "" {
		return p.Name
	}
	return latin
}
