package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
)

type ledgerCommand struct {
	Slug   string `arg:"" help:"The event."`
	Format string `default:"json" enum:"json,csv,xlsx" help:"json, csv or xlsx; csv and xlsx have one row per movement of money."`
}

// Run prints the ledger to standard output. It goes through a temporary file, so that a slow reader keeps no moment of the database open.
func (c ledgerCommand) Run(p *program) (err error) {
	s, err := p.openThere(slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	file, err := os.CreateTemp("", "foyer-ledger-*")
	if err != nil {
		return fmt.Errorf("foyer: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	err = c.write(p.ctx, s, file)
	if e, ok := errors.AsType[*registration.Error](err); ok && e.Code == registration.CodeNotFound {
		return exit(exitSettings, fmt.Errorf("foyer: there is no event %q", c.Slug))
	}
	if err != nil {
		return fmt.Errorf("foyer: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("foyer: %w", err)
	}
	if _, err = io.Copy(p.stdout, file); err != nil {
		return fmt.Errorf("foyer: print the ledger: %w", err)
	}
	return nil
}

func (c ledgerCommand) write(ctx context.Context, s *store.Store, w io.Writer) error {
	buffered := bufio.NewWriter(w)
	if c.Format == "json" {
		return errors.Join(s.WriteLedgerJSON(ctx, c.Slug, buffered), buffered.Flush())
	}
	if _, err := s.Event(ctx, c.Slug); err != nil {
		return err
	}
	list, err := c.list(buffered)
	if err != nil {
		return err
	}
	err = s.EachMovement(ctx, c.Slug, func(m store.Movement) error { return list.Row(movementRow(m)...) })
	return errors.Join(err, list.Close(), buffered.Flush())
}

func (c ledgerCommand) list(w io.Writer) (documents.List, error) {
	if c.Format == "xlsx" {
		return documents.NewXLSX(w, "ledger", movementColumns)
	}
	return documents.NewCSV(w, movementColumns)
}

// movementColumns are named like the members of the ledger's JSON.
var movementColumns = []documents.Column{
	{Title: "at", Width: 22},
	{Title: "kind", Width: 10},
	{Title: "order", Width: 12},
	{Title: "name", Width: 24},
	{Title: "email", Width: 30},
	{Title: "category", Width: 14},
	{Title: "channel", Width: 12},
	{Title: "gateway", Width: 12},
	{Title: "mode", Width: 8},
	{Title: "state", Width: 12},
	{Title: "amount", Width: 14, Kind: documents.ColumnMoney},
	{Title: "amount_minor", Width: 16, Kind: documents.ColumnInteger},
	{Title: "currency", Width: 10},
	{Title: "receipt_no", Width: 28},
	{Title: "order_no", Width: 30},
	{Title: "gateway_payment_id", Width: 40},
	{Title: "payment", Width: 38},
	{Title: "refund", Width: 38},
	{Title: "source", Width: 12},
	{Title: "approval", Width: 14},
	{Title: "paid_at", Width: 21},
}

// movementRow is one movement of money; what goes back is negative, so that the column adds up to what is left.
func movementRow(m store.Movement) []documents.Cell {
	amount := m.Amount
	if m.RefundID != "" {
		amount.Minor = -amount.Minor
	}
	text, paid := documents.TextCell, ""
	if !m.PaidAt.IsZero() {
		paid = m.PaidAt.UTC().Format(time.RFC3339)
	}
	return []documents.Cell{
		text(m.At.UTC().Format(time.RFC3339)), text(m.Kind), text(m.OrderCode), text(m.Name), text(m.Email), text(m.Category),
		text(m.Channel), text(m.Gateway), text(string(m.Mode)), text(string(m.State)),
		documents.MoneyCell(amount), documents.IntegerCell(amount.Minor), text(string(amount.Cur)),
		text(m.ReceiptNo), text(m.OrderNo), text(m.GatewayID), text(m.PaymentID), text(m.RefundID), text(string(m.Source)), text(m.Approve), text(paid),
	}
}
