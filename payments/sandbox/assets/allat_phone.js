// The sandbox's stand-in for AllatPay's browser script for telephones (AllatPayM.js). It writes its frame into the page while it
// loads, as the real one does, so it must stand in the page. No real money moves.
/* exported Allat_Mobile_Approval, Allat_Mobile_Close */
var _allat_origin = new URL(document.currentScript.src).origin;

document.write(
  "<div id='ALLAT_MOBILE_PAY' style='left:0px; top:0px; width:320px; height:600px; position:absolute; z-index:1000; display:none;'>" +
  "<iframe id='ALLAT_MOBILE_FRAME' name='ALLAT_MOBILE_FRAME' src='" + _allat_origin + "/common/iframe_blank.jsp' frameborder=0 " +
  "width=100% height=100%></iframe></div>");

function Allat_Mobile_Approval(form, x, y) {
  for (const name of ["allat_shop_id", "allat_order_no", "allat_amt", "allat_buyer_nm", "shop_receive_url"]) {
    if (!form[name] || form[name].value.trim() === "") {
      alert(name + " is missing");
      return;
    }
  }
  const box = document.getElementById("ALLAT_MOBILE_PAY");
  const wide = form.allat_autoscreen_yn && form.allat_autoscreen_yn.value.toUpperCase() === "Y";
  box.style.width = wide ? "100%" : "320px";
  box.style.left = (Number(x) || 0) + "px";
  box.style.top = (Number(y) || 0) + "px";
  box.style.display = "block";
  const utf8 = form.allat_encode_type && form.allat_encode_type.value.toUpperCase() === "U";
  form.action = _allat_origin + "/servlet/AllatPay" + (utf8 ? "Utf8" : "") + "/mobile/mobile_main.jsp";
  form.target = "ALLAT_MOBILE_FRAME";
  form.method = "post";
  form.submit();
}

function Allat_Mobile_Close() {
  document.getElementById("ALLAT_MOBILE_PAY").style.display = "none";
}
