// The sandbox's stand-in for the Toss Payments SDK v2, payment window only. No real money moves.
(function () {
  "use strict";

  const script = document.currentScript || document.querySelector('script[src*="/v2/standard"]');
  const origin = new URL(script.src).origin;
  const ANONYMOUS = "@@ANONYMOUS";
  const METHODS = ["CARD", "VIRTUAL_ACCOUNT", "TRANSFER", "MOBILE_PHONE", "CULTURE_GIFT_CERTIFICATE",
    "BOOK_GIFT_CERTIFICATE", "GAME_GIFT_CERTIFICATE", "FOREIGN_EASY_PAY"];

  class TossPaymentsError extends Error {
    constructor(code, message) {
      super(message);
      this.name = "TossPaymentsError";
      this.code = code;
    }
  }

  function need(ok, message, code) {
    if (!ok) throw new TossPaymentsError(code || "INVALID_PARAMETERS", message);
  }

  const isText = (value, max) => typeof value === "string" && value.length > 0 && value.length <= max;
  const optionalText = (value, max) => value == null || (typeof value === "string" && value.length <= max);

  function isAddress(value) {
    try {
      return typeof value === "string" && /^https?:$/.test(new URL(value).protocol);
    } catch {
      return false;
    }
  }

  function checkClientKey(key) {
    need(typeof key === "string", "clientKey must be a string.", "INVALID_CLIENT_KEY");
    need(!/^(test|live)_g?sk_/.test(key), "A secret key must never be in a browser.", "INSECURE_KEY_USAGE");
    need(!/^live_/.test(key), "The sandbox takes no live keys.", "INVALID_CLIENT_KEY");
    need(/^test_(g?ck)_[A-Za-z0-9_-]{1,64}$/.test(key), "clientKey must look like test_ck_NAME.", "INVALID_CLIENT_KEY");
  }

  function checkMetadata(metadata) {
    if (metadata == null) return;
    const pairs = Object.entries(metadata);
    need(pairs.length <= 5, "metadata has at most 5 pairs.");
    for (const [key, value] of pairs) {
      need(key.length <= 40 && !/[[\]]/.test(key), "a metadata key has at most 40 characters and no brackets.");
      need(typeof value === "string" && value.length <= 2000, "a metadata value is a string of at most 2000 characters.");
    }
  }

  // What belongs to one method stands in an object of its own; hours or a date say until when an account waits.
  function checkMethod(p) {
    const part = p.virtualAccount || p.transfer || {};
    const receipt = part.cashReceipt;
    need(receipt == null || ["소득공제", "지출증빙", "미발행"].includes(receipt.type), "cashReceipt.type must be 소득공제, 지출증빙 or 미발행.");
    need(part.validHours == null || part.dueDate == null, "Give validHours or dueDate, not both.");
    need(part.validHours == null || (Number.isInteger(part.validHours) && part.validHours > 0 && part.validHours <= 2160), "validHours must be 1 to 2160.");
    need(part.dueDate == null || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(part.dueDate), "dueDate must be yyyy-MM-ddTHH:mm:ss.");
    if (p.method !== "FOREIGN_EASY_PAY") return;
    const wallet = p.foreignEasyPay;
    need(wallet && wallet.provider === "PAYPAL", "foreignEasyPay.provider must be PAYPAL.");
    need(/^[A-Z]{2}$/.test(wallet.country || ""), "foreignEasyPay.country must be two letters.");
    need(p.amount && p.amount.currency === "USD", "PayPal takes USD.");
  }

  function checkRequest(p) {
    need(p && typeof p === "object", "requestPayment needs an object.");
    need(METHODS.includes(p.method), "method is missing or unknown.");
    need(!p.method.endsWith("GIFT_CERTIFICATE"), "The sandbox has no gift certificates.");
    checkMethod(p);
    need(p.amount && typeof p.amount === "object", "amount must be {currency, value}.");
    need(isText(p.amount.currency, 3), "amount.currency is missing.");
    need(typeof p.amount.value === "number" && Number.isFinite(p.amount.value), "amount.value must be a number.");
    need(p.amount.value > 0, "amount.value must be above 0.", "BELOW_ZERO_AMOUNT");
    need(typeof p.orderId === "string" && /^[A-Za-z0-9_=-]{6,64}$/.test(p.orderId), "orderId must be 6 to 64 of A-Z a-z 0-9 - _ =.");
    need(isText(p.orderName, 100), "orderName must be 1 to 100 characters.");
    need(optionalText(p.customerName, 100), "customerName has at most 100 characters.");
    need(optionalText(p.customerEmail, 100), "customerEmail has at most 100 characters.");
    need(p.customerMobilePhone == null || /^[0-9]{8,15}$/.test(p.customerMobilePhone), "customerMobilePhone must be 8 to 15 digits.");
    need(p.windowTarget == null || ["iframe", "self"].includes(p.windowTarget), "windowTarget must be iframe or self.");
    checkMetadata(p.metadata);
    need(p.successUrl != null || p.failUrl != null, "The sandbox always redirects: give successUrl and failUrl.", "NOT_SUPPORTED_PROMISE");
    need(isAddress(p.successUrl), "successUrl must be an address with its origin.");
    need(isAddress(p.failUrl), "failUrl must be an address with its origin.");
  }

  // The payer's name goes along for an account alone, which is issued in it; mail and phone stay in the page.
  function windowAddress(clientKey, p) {
    const card = p.card || {};
    const query = new URLSearchParams({
      clientKey: clientKey, method: p.method, currency: p.amount.currency, value: String(p.amount.value),
      orderId: p.orderId, orderName: p.orderName, successUrl: p.successUrl, failUrl: p.failUrl,
    });
    if (card.useInternationalCardOnly === true) query.set("useInternationalCardOnly", "true");
    if (card.language) query.set("language", card.language);
    const part = p.virtualAccount || p.transfer || {};
    if (p.method === "VIRTUAL_ACCOUNT" && p.customerName) query.set("customerName", p.customerName);
    if (part.cashReceipt) query.set("cashReceipt", part.cashReceipt.type);
    if (part.dueDate) query.set("dueDate", part.dueDate);
    if (part.validHours) query.set("validHours", String(part.validHours));
    if (p.metadata) query.set("metadata", JSON.stringify(p.metadata));
    return origin + "/toss/window?" + query;
  }

  function payment(clientKey, options) {
    const customerKey = options && options.customerKey;
    need(!/^test_gck_/.test(clientKey), "A widget key does not open the payment window.", "NOT_SUPPORTED_WIDGET_KEY");
    need(typeof customerKey === "string" && (customerKey === ANONYMOUS || /^[A-Za-z0-9_=.@-]{2,50}$/.test(customerKey)),
      "customerKey must be 2 to 50 of A-Z a-z 0-9 - _ = . @, or TossPayments.ANONYMOUS.");
    return {
      // Goes to the window as a full page, whatever windowTarget says; the promise settles only when the request is refused.
      requestPayment(request) {
        return new Promise((_resolve, reject) => {
          try {
            checkRequest(request);
          } catch (error) {
            reject(error);
            return;
          }
          window.location.assign(windowAddress(clientKey, request));
        });
      },
    };
  }

  function TossPayments(clientKey) {
    checkClientKey(clientKey);
    return { payment: (options) => payment(clientKey, options) };
  }
  TossPayments.ANONYMOUS = ANONYMOUS;
  window.TossPayments = TossPayments;
})();
