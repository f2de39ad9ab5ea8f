package toss

// confirmCodes are the codes of a confirmation.
var confirmCodes = map[string]rule{
	"ALREADY_PROCESSED_PAYMENT":                       {alreadyDone, keyFailed},
	"PROVIDER_ERROR":                                  {lookFirst, keyFailed}, // passes, although it is a 400
	"EXCEED_MAX_CARD_INSTALLMENT_PLAN":                {newPayment, keyCard},
	"INVALID_REQUEST":                                 {fixRequest, keyChannel}, // also another amount or order than was authenticated
	"NOT_ALLOWED_POINT_USE":                           {newPayment, keyCard},
	"INVALID_API_KEY":                                 {fixConfig, keyChannel},
	"INVALID_REJECT_CARD":                             {newPayment, keyCard},
	"BELOW_MINIMUM_AMOUNT":                            {fixRequest, keyAmount},
	"INVALID_CARD_EXPIRATION":                         {newPayment, keyExpired},
	"INVALID_STOPPED_CARD":                            {newPayment, keyCard},
	"EXCEED_MAX_DAILY_PAYMENT_COUNT":                  {newPayment, keyLimit},
	"NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT": {newPayment, keyCard},
	"INVALID_CARD_INSTALLMENT_PLAN":                   {fixRequest, keyCard},
	"NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN":          {newPayment, keyCard},
	"EXCEED_MAX_PAYMENT_AMOUNT":                       {newPayment, keyLimit},
	"NOT_FOUND_TERMINAL_ID":                           {fixConfig, keyChannel},
	"INVALID_AUTHORIZE_AUTH":                          {newPayment, keyAuth},
	"INVALID_CARD_LOST_OR_STOLEN":                     {newPayment, keyCard},
	"RESTRICTED_TRANSFER_ACCOUNT":                     {newPayment, keyTime},
	"INVALID_CARD_NUMBER":                             {newPayment, keyCard},
	"INVALID_UNREGISTERED_SUBMALL":                    {fixConfig, keyChannel},
	"NOT_REGISTERED_BUSINESS":                         {fixConfig, keyChannel},
	"EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT":              {newPayment, keyLimit},
	"EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT":             {newPayment, keyLimit},
	"CARD_PROCESSING_ERROR":                           {lookFirst, keyCard},
	"EXCEED_MAX_AMOUNT":                               {newPayment, keyLimit},
	"INVALID_ACCOUNT_INFO_RE_REGISTER":                {newPayment, keyAuth},
	"NOT_AVAILABLE_PAYMENT":                           {newPayment, keyTime},
	"UNAPPROVED_ORDER_ID":                             {lookFirst, keyFailed},
	"EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT":               {newPayment, keyLimit},
	"INVALID_IDEMPOTENCY_KEY":                         {fixRequest, keyChannel},
	"UNAUTHORIZED_KEY":                                {fixConfig, keyChannel},
	"REJECT_ACCOUNT_PAYMENT":                          {newPayment, keyLimit},
	"REJECT_CARD_PAYMENT":                             {newPayment, keyLimit},
	"REJECT_CARD_COMPANY":                             {newPayment, keyCard},
	"FORBIDDEN_REQUEST":                               {fixRequest, keyChannel},
	"REJECT_TOSSPAY_INVALID_ACCOUNT":                  {newPayment, keyAuth},
	"EXCEED_MAX_AUTH_COUNT":                           {newPayment, keyAuth},
	"EXCEED_MAX_ONE_DAY_AMOUNT":                       {newPayment, keyLimit},
	"NOT_AVAILABLE_BANK":                              {newPayment, keyTime},
	"INVALID_PASSWORD":                                {newPayment, keyAuth},
	"INCORRECT_BASIC_AUTH_FORMAT":                     {fixConfig, keyChannel},
	"FDS_ERROR":                                       {newPayment, keyAuth}, // held by fraud detection until the payer proves who it is
	"NOT_FOUND_PAYMENT":                               {never, keyFailed},
	"NOT_FOUND_PAYMENT_SESSION":                       {newPayment, keyLapsed}, // over 10 minutes since authentication
	"IDEMPOTENT_REQUEST_PROCESSING":                   {sameKeyLater, keyFailed},
	"FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING":       {lookFirst, keyFailed},
	"FAILED_INTERNAL_SYSTEM_PROCESSING":               {lookFirst, keyFailed},
	"UNKNOWN_PAYMENT_ERROR":                           {lookFirst, keyFailed},
}

// cancelCodes are the codes of a refund.
var cancelCodes = map[string]rule{
	"ALREADY_CANCELED_PAYMENT":                   {alreadyDone, keyFailed},
	"INVALID_REFUND_ACCOUNT_INFO":                {fixRequest, keyFailed},
	"EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT":       {fixRequest, keyAmount},
	"INVALID_REQUEST":                            {fixRequest, keyChannel},
	"INVALID_REFUND_ACCOUNT_NUMBER":              {fixRequest, keyFailed},
	"INVALID_BANK":                               {fixRequest, keyFailed},
	"NOT_MATCHES_REFUNDABLE_AMOUNT":              {otherBalance, keyAmount},
	"PROVIDER_ERROR":                             {lookThenNew, keyFailed},
	"REFUND_REJECTED":                            {never, keyCard},
	"ALREADY_REFUND_PAYMENT":                     {alreadyDone, keyFailed},
	"FORBIDDEN_BANK_REFUND_REQUEST":              {fixRequest, keyFailed},
	"UNAUTHORIZED_KEY":                           {fixConfig, keyChannel},
	"NOT_CANCELABLE_AMOUNT":                      {otherBalance, keyAmount},
	"FORBIDDEN_CONSECUTIVE_REQUEST":              {tooSoon, keyFailed},
	"FORBIDDEN_REQUEST":                          {fixRequest, keyChannel},
	"NOT_CANCELABLE_PAYMENT":                     {never, keyFailed},
	"EXCEED_MAX_REFUND_DUE":                      {never, keyTime},
	"NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT": {fixRequest, keyAmount},
	"NOT_ALLOWED_PARTIAL_REFUND":                 {fixRequest, keyAmount},
	"NOT_AVAILABLE_BANK":                         {lookThenNew, keyTime},
	"INCORRECT_BASIC_AUTH_FORMAT":                {fixConfig, keyChannel},
	"NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER":    {never, keyFailed},
	"EXCEED_CANCEL_LIMIT":                        {lookThenNew, keyLimit},
	"NOT_FOUND_PAYMENT":                          {never, keyFailed},
	"IDEMPOTENT_REQUEST_PROCESSING":              {sameKeyLater, keyFailed},
	"FAILED_INTERNAL_SYSTEM_PROCESSING":          {lookThenNew, keyFailed},
	"FAILED_REFUND_PROCESS":                      {lookThenNew, keyFailed},
	"FAILED_METHOD_HANDLING_CANCEL":              {lookThenNew, keyFailed},
	"FAILED_PARTIAL_REFUND":                      {lookFirst, keyFailed},
	"COMMON_ERROR":                               {lookThenNew, keyFailed},
	"FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING":  {lookThenNew, keyFailed},
}

// lookupCodes are the codes of a look-up.
var lookupCodes = map[string]rule{
	"NOT_FOUND_PAYMENT":           {never, keyFailed},
	"NOT_FOUND":                   {never, keyFailed},
	"UNAUTHORIZED_KEY":            {fixConfig, keyChannel},
	"FORBIDDEN_REQUEST":           {fixRequest, keyChannel}, // somebody else's payment
	"INCORRECT_BASIC_AUTH_FORMAT": {fixConfig, keyChannel},
}

// browserCodes are the codes that the payment window gives the browser, as message keys.
var browserCodes = map[string]string{
	"USER_CANCEL":              keyCancelled,
	"PAY_PROCESS_CANCELED":     keyCancelled,
	"PAY_PROCESS_ABORTED":      keyFailed,
	"REJECT_CARD_COMPANY":      keyCard,
	"INVALID_PARAMETERS":       keyChannel,
	"BELOW_ZERO_AMOUNT":        keyAmount,
	"INVALID_CLIENT_KEY":       keyChannel,
	"NOT_SUPPORTED_WIDGET_KEY": keyChannel,
	"NOT_SUPPORTED_PROMISE":    keyChannel,
	"INSECURE_KEY_USAGE":       keyChannel,
	"NETWORK_ERROR":            keyFailed,
}
