use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use sha2::{Digest as _, Sha256};

/// A `'sha256-…'` source (CSP level 3, section 2.3.1) for every inline script, each preceded by a
/// space.
pub(crate) fn inline_script_hashes(html: &str) -> String {
    html.split("<script")
        .skip(1)
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            let (body, _) = rest.split_once("</script>")?;
            (!attributes.contains("src="))
                .then(|| format!(" 'sha256-{}'", BASE64.encode(Sha256::digest(body))))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::inline_script_hashes;

    #[test]
    fn only_inline_scripts_are_hashed() {
        let html =
            r#"<script>a</script><script src="/b.js"></script><script type="module">c</script>"#;
        let hashes = inline_script_hashes(html);
        assert_eq!(
            hashes,
            " 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=' \
             'sha256-Ln0sA6lQeuJl7PW1NWiFpTOTogKdJBOUmXJloaJa78Y='"
        );
    }
}
