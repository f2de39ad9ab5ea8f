package store

import "foyer/registration"

// ledgerOrder is an order as the ledger shows it; first is the currency of the event's first channel.
func ledgerOrder(v *OrderView, first registration.Currency) LedgerOrder {
	o := v.Order
	total := v.Total(first)
	l := LedgerOrder{
		Code: o.Code, State: string(o.State), Currency: Optional(total.Cur), Total: total.Minor, PlacedAt: Moment{o.PlacedAt},
		Payer:         LedgerPayer{Name: Optional(o.Payer.Name), Email: Optional(o.Payer.Email)},
		Registrations: []LedgerRegistration{}, Payments: []LedgerPayment{},
	}
	for _, r := range o.Registrations {
		l.Registrations = append(l.Registrations, LedgerRegistration{
			ID: r.ID, Category: Optional(categoryOf(r)), Name: Optional(r.Person.Name), State: string(r.State),
		})
	}
	for _, p := range v.Payments {
		l.Payments = append(l.Payments, ledgerPayment(p))
	}
	return l
}

// Total is what the order comes to: in the currency of the first money; before it of its newest payment, or in
// currency first, that of the event's first channel.
func (v *OrderView) Total(first registration.Currency) registration.Money {
	var newest registration.Currency
	if p := v.Newest(); p != nil {
		newest = p.Amount.Cur
	}
	return owed(v.Order.Prices, v.Order.Currency, newest, first)
}

// categoryOf is the category of a registration, by its id in the event file.
func categoryOf(r registration.Registration) string {
	for _, l := range r.Lines {
		if l.Kind == registration.LineCategory {
			return l.ID
		}
	}
	return ""
}

func ledgerPayment(p PaymentView) LedgerPayment {
	l := LedgerPayment{
		ID: p.ID, Channel: Optional(p.Channel), Gateway: p.Gateway, Mode: string(p.Mode), Charge: p.ChargeNo, State: string(p.State),
		Amount: p.Amount.Minor, Currency: string(p.Amount.Cur), OrderNo: p.OrderNo, GatewayPaymentID: Optional(p.GatewayID),
		Captured: p.Captured.Minor, CapturedCurrency: Optional(p.Captured.Cur), StartedAt: Moment{p.StartedAt}, ConfirmedAt: Moment{p.ConfirmedAt}, PaidAt: Moment{p.PaidAt},
		Attention: p.Attention, ReceiptNo: Optional(p.ReceiptNo), Refunds: []LedgerRefund{},
	}
	for _, r := range p.Refunds {
		l.Refunds = append(l.Refunds, LedgerRefund{
			ID: r.ID, State: string(r.State), Amount: r.Amount.Minor, Key: Optional(r.Key), Source: string(r.Source), ReceiptNo: Optional(r.ReceiptNo),
		})
	}
	return l
}
