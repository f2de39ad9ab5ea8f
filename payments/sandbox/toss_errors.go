package sandbox

import (
	"net/http"
	"strings"
)

// tossCodes are the error codes of confirm, cancel and look-up by HTTP status, as of November 2026.
var tossCodes = map[int]string{
	http.StatusBadRequest: `ALREADY_PROCESSED_PAYMENT PROVIDER_ERROR EXCEED_MAX_CARD_INSTALLMENT_PLAN INVALID_REQUEST
		NOT_ALLOWED_POINT_USE INVALID_API_KEY INVALID_REJECT_CARD BELOW_MINIMUM_AMOUNT INVALID_CARD_EXPIRATION
		INVALID_STOPPED_CARD EXCEED_MAX_DAILY_PAYMENT_COUNT NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT
		INVALID_CARD_INSTALLMENT_PLAN NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN EXCEED_MAX_PAYMENT_AMOUNT
		NOT_FOUND_TERMINAL_ID INVALID_AUTHORIZE_AUTH INVALID_CARD_LOST_OR_STOLEN RESTRICTED_TRANSFER_ACCOUNT
		INVALID_CARD_NUMBER INVALID_UNREGISTERED_SUBMALL NOT_REGISTERED_BUSINESS EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT
		EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT CARD_PROCESSING_ERROR EXCEED_MAX_AMOUNT INVALID_ACCOUNT_INFO_RE_REGISTER
		NOT_AVAILABLE_PAYMENT UNAPPROVED_ORDER_ID EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT INVALID_IDEMPOTENCY_KEY
		ALREADY_CANCELED_PAYMENT INVALID_REFUND_ACCOUNT_INFO EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT
		INVALID_REFUND_ACCOUNT_NUMBER INVALID_BANK NOT_MATCHES_REFUNDABLE_AMOUNT REFUND_REJECTED ALREADY_REFUND_PAYMENT
		FORBIDDEN_BANK_REFUND_REQUEST`,
	http.StatusUnauthorized: `UNAUTHORIZED_KEY`,
	http.StatusForbidden: `REJECT_ACCOUNT_PAYMENT REJECT_CARD_PAYMENT REJECT_CARD_COMPANY FORBIDDEN_REQUEST
		REJECT_TOSSPAY_INVALID_ACCOUNT EXCEED_MAX_AUTH_COUNT EXCEED_MAX_ONE_DAY_AMOUNT NOT_AVAILABLE_BANK INVALID_PASSWORD
		INCORRECT_BASIC_AUTH_FORMAT FDS_ERROR NOT_CANCELABLE_AMOUNT FORBIDDEN_CONSECUTIVE_REQUEST NOT_CANCELABLE_PAYMENT
		EXCEED_MAX_REFUND_DUE NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT NOT_ALLOWED_PARTIAL_REFUND
		NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER EXCEED_CANCEL_LIMIT`,
	http.StatusNotFound: `NOT_FOUND_PAYMENT NOT_FOUND_PAYMENT_SESSION NOT_FOUND`,
	http.StatusConflict: `IDEMPOTENT_REQUEST_PROCESSING`,
	http.StatusInternalServerError: `FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING FAILED_INTERNAL_SYSTEM_PROCESSING
		UNKNOWN_PAYMENT_ERROR FAILED_REFUND_PROCESS FAILED_METHOD_HANDLING_CANCEL FAILED_PARTIAL_REFUND COMMON_ERROR`,
}

// tossStatus is tossCodes the other way round.
var tossStatus = func() map[string]int {
	byCode := map[string]int{}
	for status, codes := range tossCodes {
		for code := range strings.FieldsSeq(codes) {
			byCode[code] = status
		}
	}
	return byCode
}()

// tossTexts are the messages of the codes that the sandbox itself answers; others have a general one.
var tossTexts = map[string]bilingual{
	"INCORRECT_BASIC_AUTH_FORMAT":                {"인증 정보 형식이 맞지 않습니다. 시크릿 키 뒤에 콜론을 붙여 base64로 인코딩해 주십시오.", "The credentials are malformed: encode the secret key followed by a colon."},
	"UNAUTHORIZED_KEY":                           {"인증되지 않은 시크릿 키입니다. 모의 결제는 test_sk_로 시작하는 키만 받습니다.", "The secret key is not authenticated. The sandbox takes keys that begin with test_sk_ only."},
	"INVALID_API_KEY":                            {"결제를 요청한 클라이언트 키와 짝이 맞지 않는 시크릿 키입니다.", "The secret key does not belong with the client key of this payment."},
	"FORBIDDEN_REQUEST":                          {"허용되지 않은 요청입니다.", "The request is not allowed."},
	"INVALID_REQUEST":                            {"잘못된 요청입니다.", "The request is not valid."},
	"INVALID_IDEMPOTENCY_KEY":                    {"멱등키는 300자까지 쓸 수 있습니다.", "An idempotency key has at most 300 characters."},
	"IDEMPOTENT_REQUEST_PROCESSING":              {"같은 멱등키의 이전 요청을 처리하고 있습니다.", "An earlier request with this idempotency key is still running."},
	"ALREADY_PROCESSED_PAYMENT":                  {"이미 처리된 결제입니다.", "The payment has been processed already."},
	"NOT_FOUND_PAYMENT":                          {"존재하지 않는 결제입니다.", "There is no such payment."},
	"NOT_FOUND_PAYMENT_SESSION":                  {"결제 시간이 지나 결제 진행 정보가 없습니다.", "The time for this payment is over and its data is gone."},
	"NOT_FOUND":                                  {"존재하지 않는 주소입니다.", "There is nothing at this address."},
	"BELOW_MINIMUM_AMOUNT":                       {"카드 결제는 100원 이상부터 할 수 있습니다.", "A card payment is 100 KRW at least."},
	"REJECT_CARD_PAYMENT":                        {"한도 초과 또는 잔액 부족으로 결제가 거절되었습니다.", "The card is over its limit or has too little balance."},
	"REJECT_CARD_COMPANY":                        {"카드사에서 결제를 거절하였습니다.", "The card issuer declined."},
	"INVALID_REJECT_CARD":                        {"이 가맹점에서 쓸 수 없는 카드입니다.", "The card cannot be used at this merchant."},
	"REJECT_ACCOUNT_PAYMENT":                     {"잔액이 부족하여 결제가 거절되었습니다.", "The account has too little balance."},
	"EXCEED_MAX_PAYMENT_AMOUNT":                  {"결제 한도를 넘었습니다.", "The amount is over the limit."},
	"INVALID_REFUND_ACCOUNT_INFO":                {"환불 계좌의 예금주가 맞지 않습니다.", "The holder of the refund account does not match."},
	"INVALID_REFUND_ACCOUNT_NUMBER":              {"환불 계좌번호가 맞지 않습니다.", "The number of the refund account is wrong."},
	"INVALID_BANK":                               {"은행 코드가 맞지 않습니다.", "The bank code is wrong."},
	"INVALID_TRANSACTION_KEY":                    {"잘못된 페이징 키입니다.", "The paging key is wrong."},
	"NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT": {"입금 대기 중인 결제는 부분 취소할 수 없습니다.", "A payment that waits for its deposit cannot be cancelled in part."},
	"PAY_PROCESS_CANCELED":                       {"구매자가 결제를 취소하였습니다.", "The payer cancelled."},
	"PAY_PROCESS_ABORTED":                        {"결제 진행 중 오류가 발생하여 결제가 중단되었습니다.", "The payment was aborted."},
	"ALREADY_CANCELED_PAYMENT":                   {"이미 취소된 결제입니다.", "The payment has been cancelled already."},
	"NOT_CANCELABLE_PAYMENT":                     {"취소할 수 없는 결제입니다.", "The payment cannot be cancelled."},
	"NOT_CANCELABLE_AMOUNT":                      {"취소할 수 없는 금액입니다.", "The amount cannot be cancelled."},
	"NOT_MATCHES_REFUNDABLE_AMOUNT":              {"환불 가능한 잔액이 요청과 다릅니다.", "The refundable balance is not the one in the request."},
	"FORBIDDEN_CONSECUTIVE_REQUEST":              {"같은 결제를 연달아 취소할 수 없습니다. 잠시 후 다시 요청해 주십시오.", "The same payment was cancelled a moment ago. Try again shortly."},
}

var tossOtherText = bilingual{"요청을 처리하지 못하였습니다.", "The request was not processed."}

func tossText(code string, english bool) string {
	text, ok := tossTexts[code]
	if !ok {
		text = tossOtherText
	}
	if english {
		return text.en
	}
	return text.ko
}

// tossError is the answer for a code; one that is not in the list is a 400.
func tossError(code string, english bool) answer {
	status, ok := tossStatus[code]
	if !ok {
		status = http.StatusBadRequest
	}
	return jsonAnswer(status, tossFailure{code, tossText(code, english)})
}

// tossFailure is the body of an error answer and the failure of a payment.
type tossFailure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}
