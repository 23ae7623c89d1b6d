# Removes comments, indentation and empty lines from wasm-bindgen's JavaScript, line by line. Exits
# with an error on input that cannot be handled by line; the script is left unchanged then.

function fail(reason) {
    print "web/strip_glue.awk: line " FNR ": " reason > "/dev/stderr"
    exit 1
}

{ sub(/^[ \t]+/, "") }

in_comment || /^\/\*/ {
    comment = in_comment ? $0 : substr($0, 3)
    end = index(comment, "*/")
    in_comment = !end
    if (end && substr(comment, end + 2) !~ /^[ \t]*$/) fail("code after a comment")
    next
}

/^$/ || /^\/\// { next }

# Whitespace and slashes are significant in strings and templates.
gsub(/`/, "&") % 2 || /\\$/ { fail("a string spans lines") }

{ print }
