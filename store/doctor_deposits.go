package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

var checkDeposits = Check{
	"R1", "A payment has an account, a deadline and a secret only once its deposit is awaited, and then all that its payer needs.", reportFault,
}

var checkSealed = Check{
	"I35", "Secrets and bank accounts of payers are kept sealed.", reportFault,
}

var checkVouchers = Check{
	"I18", "A voucher is counted as often as it may be used, and an order counts the voucher that it names, once.", reportFault,
}

// depositFits is R1 for what a view shows.
func depositFits(p patient, find func(string, ...string)) {
	for _, x := range p.Payments {
		switch x.State {
		case payments.AwaitingDeposit:
			switch {
			case x.GatewayID == "":
				find("The payment waits for a deposit and has no id at its gateway.", x.ID)
			case x.Deadline.IsZero() && x.Asked != payments.MethodPayLater:
				find("The payment waits for a deposit and has no deadline.", x.ID)
			case !x.Account.Complete() && (x.Asked == payments.MethodBankTransfer || x.Asked == payments.MethodVirtualAccount):
				find("The payment waits for a deposit and its payer was told no account.", x.ID)
			}
		case payments.Started, payments.Confirming, payments.Unknown, payments.Failed, payments.Abandoned:
			if !x.Deadline.IsZero() || x.Account != (payments.Account{}) {
				find(fmt.Sprintf("The payment is %s and has an account or a deadline.", x.State), x.ID)
			}
		case payments.Confirmed, payments.Surplus, payments.Expired:
		}
	}
}

// declaredByStaff is I23 for money that only people see: staff has said that it came, or that it went back.
func declaredByStaff(p patient, find func(string, ...string)) {
	said := func(what, payment, refund, to string) bool {
		return slices.ContainsFunc(p.Audit, func(a AuditRow) bool {
			return a.What == what && a.PaymentID == payment && a.RefundID == refund && a.To == to && strings.HasPrefix(a.Actor, "staff:")
		})
	}
	for _, x := range p.Payments {
		if x.Gateway != "transfer" {
			continue
		}
		if x.State.HasMoney() && !said("payment", x.ID, "", string(x.State)) {
			find(fmt.Sprintf("The payment is %s and nobody of the staff has said that its money came.", x.State), x.ID)
		}
		for _, r := range x.Refunds {
			if r.State == payments.RefundDone && !said("refund", x.ID, r.ID, string(r.State)) {
				find("The refund is done and nobody of the staff has said so.", r.ID)
			}
		}
	}
}

// voucherFits is I18 for one order.
func voucherFits(p patient, find func(string, ...string)) {
	for key, n := range p.Taken {
		if code, _, kept := registration.KeptFor(key); kept && code == p.Order.Voucher {
			continue
		}
		if registration.IsVoucherQuota(key) && (n < 1 || n > int64(len(p.Order.Registrations)) || key != registration.VoucherQuota(p.Order.Voucher)) {
			find(fmt.Sprintf("The order counts %d of %s and names %q.", n, key, p.Order.Voucher))
		}
	}
}

// vouchers is I18 for the counters of an event.
func (d *doctor) vouchers(ctx context.Context, eventID, slug string) error {
	_, err := collect(ctx, d.q, func(row scanner) (struct{}, error) {
		var definition string
		var places int64
		v := registration.Voucher{}
		err := row.Scan(&definition, &places)
		if err == nil {
			err = fromJSON(definition, &v)
		}
		if err == nil && v.Counted() && places != countedUses(&v) {
			d.find(checkVouchers, fmt.Sprintf("The voucher may be used %d times and its counter ends at %d.", countedUses(&v), places), slug, v.Code)
		}
		return struct{}{}, err
	}, `SELECT v.definition, COALESCE(q.places, -1) FROM vouchers v LEFT JOIN quotas q ON q.id = v.event_id || '/`+registration.VoucherQuota("")+`' || v.code
		WHERE v.event_id = $1 ORDER BY v.code`, eventID)
	return wrapped("check vouchers", err)
}

// sealed is R1 for secrets, and I35.
func (d *doctor) sealed(ctx context.Context) error {
	if err := d.listed(ctx, checkDeposits, "The payment has a secret and no deposit was awaited.", `SELECT id FROM payments
		WHERE secret <> '' AND state IN ('started', 'confirming', 'unknown', 'failed', 'abandoned') ORDER BY id`); err != nil {
		return err
	}
	if err := d.listed(ctx, checkSealed, "The secret of the payment can be read.",
		`SELECT id FROM payments WHERE secret <> '' AND secret NOT LIKE 'v1.%' ORDER BY id`); err != nil {
		return err
	}
	return d.listed(ctx, checkSealed, "The account of the refund can be read.",
		`SELECT id FROM refunds WHERE account <> '' AND account NOT LIKE 'v1.%' ORDER BY id`)
}
