// The sandbox's stand-in for AllatPay's browser scripts for computers (NonAllatPayRE.js) and overseas cards. No real money moves.
/* exported AllatPay_Approval, AllatPay_Closechk_Start, AllatPay_Closechk_End */
var _allat_pay_win;
var _allat_timer;
var _allat_origin = new URL(document.currentScript.src).origin;

// What the real script counts: any sign that is not ASCII counts two.
function _allat_bytes(text) {
  return Array.from(text).reduce((sum, sign) => sum + (/[\x20-\x7e]/.test(sign) ? 1 : 2), 0);
}

// _allat_check says what is wrong with a form, "" for a good one.
function _allat_check(form) {
  const needed = {
    allat_shop_id: 20, allat_order_no: 70, allat_amt: 12, allat_pmember_id: 20, allat_product_cd: 1000, allat_product_nm: 1000,
    allat_buyer_nm: 20, allat_recp_nm: 20, allat_recp_addr: 120, shop_receive_url: 120,
  };
  for (const [name, most] of Object.entries(needed)) {
    const field = form[name];
    if (!field || field.value.trim() === "" || _allat_bytes(field.value) > most) return name + ": 1 to " + most + " bytes";
  }
  if (!/^[0-9]/.test(form.allat_amt.value)) return "allat_amt is no number";
  if (!form.allat_enc_data || form.allat_enc_data.type !== "hidden") return "allat_enc_data must be a hidden field";
  return "";
}

function _allat_send(form, page) {
  const utf8 = form.allat_encode_type && form.allat_encode_type.value.toUpperCase() === "U";
  form.action = _allat_origin + "/servlet/AllatPay" + (utf8 ? "Utf8" : "") + page;
  form.method = "post";
  form.submit();
}

function AllatPay_Approval(form) {
  const wrong = _allat_check(form);
  if (wrong) {
    alert(wrong);
    return;
  }
  const dummy = "/servlet/AllatPay/nonactivex/nonre/nonre_dummy.jsp?allat_shop_domain=" + encodeURIComponent(location.origin);
  _allat_pay_win = window.open(_allat_origin + dummy, "NONALLATPAYRE_FRAME", "width=785,height=555,toolbar=0,menubar=0,status=0");
  if (!_allat_pay_win) {
    alert("The pop-up was blocked.");
    return;
  }
  form.target = "NONALLATPAYRE_FRAME";
  _allat_send(form, "/nonactivex/nonre/nonre_main.jsp");
}

// Looks every three seconds whether the pop-up was closed.
function AllatPay_Closechk_Start() {
  clearTimeout(_allat_timer);
  if (_allat_pay_win && _allat_pay_win.closed) window.result_submit("9998", "결제를 완료하지 않았습니다.");
  else _allat_timer = setTimeout(AllatPay_Closechk_Start, 3000);
}

function AllatPay_Closechk_End() {
  _allat_pay_win = undefined;
  clearTimeout(_allat_timer);
}
