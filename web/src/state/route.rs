//! Routes: parsing and formatting the page's URLs.

use super::{call_type::CallType, list_view::ListView};

/// The path and query of the browser's location.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// Starts with a slash.
    pub path: String,
    /// Empty, or starts with a question mark.
    pub query: String,
}

impl Url {
    pub fn path_and_query(&self) -> String {
        self.path.clone() + &self.query
    }

    /// The value of a query parameter; the first one if it is repeated.
    pub fn query_param(&self, name: &str) -> Option<&str> {
        self.query
            .trim_start_matches('?')
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    pub fn route(&self) -> Route {
        Route::parse(&self.path, CallType::parse(self.query_param("call")))
    }

    pub fn list_view(&self) -> ListView {
        ListView::parse(self.query_param("page"), self.query_param("page_size"))
    }

    /// The canonical URL of what is shown here, if this is another spelling of it
    /// (`/users?page=abc`, `/users/007`), so that a copied address shows the same again.
    pub fn canonical(&self) -> Option<String> {
        let path = match self.route() {
            Route::Directory => self.list_view().path(),
            Route::User(id) => user_path(id),
            Route::Greet(call) if self.query_param("call").is_some() => call.path().to_owned(),
            Route::Greet(_) | Route::NotFound => return None,
        };
        (path != self.path_and_query()).then_some(path)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/`, `/?call=bidi`
    Greet(CallType),
    /// `/users`
    Directory,
    /// `/users/7`
    User(i32),
    NotFound,
}

impl Route {
    fn parse(path: &str, call: CallType) -> Self {
        match path.trim_end_matches('/') {
            "" => Self::Greet(call),
            "/users" => Self::Directory,
            path => path
                .strip_prefix("/users/")
                .and_then(parse_id)
                .map_or(Self::NotFound, Self::User),
        }
    }
}

pub fn user_path(id: i32) -> String {
    String::from("/users/") + &id.to_string()
}

fn parse_id(text: &str) -> Option<i32> {
    text.parse().ok().filter(|id| *id > 0)
}

#[cfg(test)]
mod tests {
    use super::{super::list_view::Page, *};

    fn url(path_and_query: &str) -> Url {
        let query = path_and_query.find('?').unwrap_or(path_and_query.len());
        let (path, query) = path_and_query.split_at(query);
        Url {
            path: path.to_owned(),
            query: query.to_owned(),
        }
    }

    fn page(number: u32, size: u32) -> ListView {
        ListView::Page(Page { number, size })
    }

    #[test]
    fn other_spellings_of_a_url_have_one_canonical_form() {
        for (spelling, canonical) in [
            ("/users?page=abc", "/users?page=1&page_size=50"),
            ("/users?page=0", "/users?page=1&page_size=50"),
            ("/users?page=2&page_size=0", "/users?page=2&page_size=50"),
            (
                "/users?page=2&page_size=9999",
                "/users?page=2&page_size=1000",
            ),
            (
                "/users?page=99999999999",
                "/users?page=2147483647&page_size=50",
            ),
            ("/users?page_size=20&page=3", "/users?page=3&page_size=20"),
            ("/users?page_size=20", "/users"),
            ("/users/", "/users"),
            ("/users/007", "/users/7"),
            ("/users/7/", "/users/7"),
        ] {
            assert_eq!(
                url(spelling).canonical().as_deref(),
                Some(canonical),
                "{spelling}"
            );
            assert_eq!(url(canonical).canonical(), None, "{canonical}");
        }
        for unchanged in ["/", "/?from=mail", "/nope", "/users/0"] {
            assert_eq!(url(unchanged).canonical(), None, "{unchanged}");
        }
    }

    #[test]
    fn query_parameters_are_found_by_name() {
        assert_eq!(url("/users?page=3&page_size=20").list_view(), page(3, 20));
        assert_eq!(url("/users?page_size=20&page=3").list_view(), page(3, 20));
        assert_eq!(url("/users?page=3&page=4").list_view(), page(3, 50));
        assert_eq!(url("/users").list_view(), ListView::All);
        assert_eq!(url("/users?page").list_view(), ListView::All);
        assert_eq!(url("/users?page=3").path_and_query(), "/users?page=3");
    }

    #[test]
    fn each_call_type_has_a_url() {
        for call in CallType::ALL {
            assert_eq!(url(call.path()).route(), Route::Greet(call));
            assert_eq!(url(call.path()).canonical(), None);
        }
        for unknown in ["/?call=unary", "/?call=", "/?call=Bidi"] {
            assert_eq!(url(unknown).canonical().as_deref(), Some("/"), "{unknown}");
        }
        let with_more = url("/?from=mail&call=bidi");
        assert_eq!(with_more.canonical().as_deref(), Some("/?call=bidi"));
    }

    #[test]
    fn each_path_has_one_route() {
        let route = |path: &str| url(path).route();
        assert_eq!(route("/"), Route::Greet(CallType::Unary));
        assert_eq!(route("/users"), Route::Directory);
        assert_eq!(route("/users/"), Route::Directory);
        assert_eq!(route("/users/7"), Route::User(7));
        for path in ["/nope", "/users/7/x", "/usersx", "/user"] {
            assert_eq!(route(path), Route::NotFound, "{path}");
        }
    }

    #[test]
    fn an_id_is_a_positive_number() {
        assert_eq!(parse_id("7"), Some(7));
        for text in ["", "0", "-1", "x", "7.0", "99999999999"] {
            assert_eq!(parse_id(text), None, "{text}");
            let path = "/users/".to_owned() + text + "!";
            assert_eq!(url(&path).route(), Route::NotFound);
        }
    }
}
