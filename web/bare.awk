# Takes comments, indentation and empty lines off the script that wasm-bindgen writes, line by line.
# What a line by itself does not tell ends this with an error: the script is to stay as it is then.

function unsure(why) {
    print "web/bare.awk: line " FNR ": " why > "/dev/stderr"
    exit 1
}

{ sub(/^[ \t]+/, "") }

inside || /^\/\*/ {
    comment = inside ? $0 : substr($0, 3)
    end = index(comment, "*/")
    inside = !end
    if (end && substr(comment, end + 2) !~ /^[ \t]*$/) unsure("code behind a comment")
    next
}

/^$/ || /^\/\// { next }

# Indentation and comments are none within a text.
gsub(/`/, "&") % 2 || /\\$/ { unsure("a text goes on in the next line") }

{ print }
