// Package sandbox is a payment gateway that moves no money. It speaks a real gateway's wire format, browser script, payment
// window and webhooks on one listener, so that what works against it works against the gateway by changing keys.
// Each gateway's dialect is one file or more of its name.
//
// # Keys and merchants
//
// Any pair test_ck_NAME, test_sk_NAME works, and the same NAME is the same merchant. A live key is refused. NAME decides the contract:
//
//   - with "usd" in it the merchant takes USD, with "jpy" JPY, otherwise KRW (a gateway gives every currency a merchant id of its own);
//   - with "any" in it the contract takes Korean and overseas cards; otherwise only Korean cards in KRW when the window is opened
//     without useInternationalCardOnly, and only overseas cards when it is opened with it or in another currency.
//
// # The payment window
//
// Every choice in the window is a submit button named "card", with data-testid "card-" + value, in the form with id "main".
// A script may post card=VALUE to the window's own address instead:
//
//	kr               a Korean card, approved
//	visa mastercard jcb amex
//	                 a card issued abroad, approved
//	declined         goes back with success, and the confirm is refused: over the limit (REJECT_CARD_PAYMENT)
//	declined-window  refused in the window: back to the fail address (REJECT_CARD_COMPANY), payment ABORTED
//	wrong-place      the kind of card that the contract does not take. A Korean card in an overseas window is refused there
//	                 (PAY_PROCESS_ABORTED); an overseas card on a domestic contract is refused at confirm (INVALID_REJECT_CARD)
//	cancel           the payer closes the window: fail address with PAY_PROCESS_CANCELED and without orderId; stays READY
//	leave            the payer walks away: no return, stays READY until it expires
//	lost-answer      approved; money is taken at confirm, and the connection is cut in the middle of the answer. Repeating the
//	                 confirm with its Idempotency-Key, or looking up, shows DONE
//	slow             approved; the confirm takes Config.SlowConfirm
//	account          AllatPay, when the form takes virtual accounts: one is issued at confirm and waits for its deposit
//
// kr and the overseas cards also meet the contract's rule: visa on a domestic contract is the wrong place too.
//
// A Toss window that was opened for another method than cards has one button in place of the cards: account (a virtual account),
// transfer, phone or paypal. The money of an account comes with a deposit.
//
// # Control from outside
//
// The console at / is for people. A test in another process has JSON under /_sandbox/api/:
//
//	GET    books     → Books
//	POST   faults    Fault, for example {"kind":"lost","operation":"confirm","times":1,"after":true}
//	DELETE faults    forget all armed faults
//	POST   webhooks  {"key":"test_ck_demo","url":"http://127.0.0.1:8080/webhooks/e/c"}; an empty key stands for every other merchant
//	POST   webhook   {"payment":"…","how":"again|twice|late|forged","seconds":5}
//	POST   refund    {"payment":"…","amount":50000,"reason":"…"}; minor units, 0 = all that is left
//	POST   deposit   {"payment":"…"}: the whole amount comes into its virtual account
//	POST   deposit-cancel
//	                 {"payment":"…"}: the bank takes that deposit back, and the account waits again
//	POST   nightly   {}: every test payment is cancelled, as gateways do at night
//	POST   expire    {"payment":"…"}: its session is over now
//
// A merchant in a Fault is its id as in Books ("sbx-demo"). "payment" is the gateway's payment id or the
// merchant's order number. Mistakes are answered 400 or 404 with {"error":"…"}.
//
// # What it does not do
//
// Toss gift certificates, and the gateways' limits of requests per minute. The console asks nobody who they are: the listener belongs on
// loopback or in a closed test network.
package sandbox
