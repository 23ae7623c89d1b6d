//! What the page's address asks for.

use super::call::Call;

/// A path and a query, as the browser gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// Begins with a slash.
    pub path: String,
    /// Empty, or begins with a question mark.
    pub query: String,
}

impl Url {
    /// The path and the query.
    #[must_use]
    pub fn text(&self) -> String {
        self.path.clone() + &self.query
    }

    /// The value of `name` in the query; what comes first, where it comes twice.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query
            .trim_start_matches('?')
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// The page of the house.
    #[must_use]
    pub fn room(&self) -> Room {
        Room::at(&self.path, Call::parse(self.get("call")))
    }

    /// The one address of what is shown here, where this is another that leads to it:
    /// `/users?page=abc`, `/users/007`. A person who copies it gets what they see.
    #[must_use]
    pub fn corrected(&self) -> Option<String> {
        let path = match self.room() {
            Room::Directory => self.view().path(),
            Room::Person(id) => person_path(id),
            Room::Greet(call) if self.get("call").is_some() => call.path().to_owned(),
            Room::Greet(_) | Room::Missing => return None,
        };
        (path != self.text()).then_some(path)
    }

    /// How the directory is to be shown.
    #[must_use]
    pub fn view(&self) -> View {
        View::parse(self.get("page"), self.get("page_size"))
    }
}

/// Which page of the house an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// `/`, `/?call=bidi`
    Greet(Call),
    /// `/users`
    Directory,
    /// `/users/7`
    Person(i32),
    /// What is not there.
    Missing,
}

impl Room {
    fn at(path: &str, call: Call) -> Self {
        match path.trim_end_matches('/') {
            "" => Self::Greet(call),
            "/users" => Self::Directory,
            path => path
                .strip_prefix("/users/")
                .and_then(id)
                .map_or(Self::Missing, Self::Person),
        }
    }
}

/// The address of the person with this `id`.
#[must_use]
pub fn person_path(id: i32) -> String {
    String::from("/users/") + &id.to_string()
}

/// The sizes that a page can have, as offered.
pub const SIZES: [u32; 4] = [20, 50, 200, 1_000];
/// What a page holds where the address does not say.
pub const USUAL_SIZE: u32 = 50;
const LARGEST: u32 = 1_000;

/// How the directory is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Everybody, in one list.
    All,
    /// One page of it.
    Page(Page),
}

/// A page of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// 1 or more.
    pub number: u32,
    /// 1 to 1,000.
    pub size: u32,
}

impl View {
    /// What `page` and `page_size` of a query ask for. Without a page: everybody. What is not a
    /// number, or none that the directory takes, is brought to the nearest that it does; size 0 is
    /// the usual one, as it is for the server.
    fn parse(page: Option<&str>, page_size: Option<&str>) -> Self {
        let Some(page) = page else {
            return Self::All;
        };
        let largest_number = i32::MAX.unsigned_abs();
        Self::Page(Page {
            number: number(page).unwrap_or(1).clamp(1, largest_number),
            size: page_size
                .and_then(number)
                .filter(|size| *size > 0)
                .unwrap_or(USUAL_SIZE)
                .min(LARGEST),
        })
    }

    /// The address of this view.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::All => "/users".to_owned(),
            Self::Page(page) => page.path(),
        }
    }
}

impl Page {
    /// The address of this page.
    #[must_use]
    pub fn path(self) -> String {
        let mut path = String::from("/users?page=");
        path.push_str(&self.number.to_string());
        path.push_str("&page_size=");
        path.push_str(&self.size.to_string());
        path
    }

    /// How many rows come before this page.
    #[must_use]
    pub fn offset(self) -> u64 {
        u64::from(self.number - 1) * u64::from(self.size)
    }

    /// The last page of a directory of `total`.
    #[must_use]
    pub fn last(self, total: u64) -> u32 {
        let pages = total.div_ceil(u64::from(self.size)).max(1);
        u32::try_from(pages).unwrap_or(u32::MAX)
    }

    /// The last page of a directory of `total`, where this one lies beyond it.
    #[must_use]
    pub fn before_the_end(self, total: u64) -> Option<Self> {
        let last = self.last(total);
        (self.number > last).then(|| self.at(last))
    }

    /// Page `number`, of the same size.
    #[must_use]
    pub fn at(self, number: u32) -> Self {
        Self { number, ..self }
    }

    /// The page of `size` rows that holds this page's first row.
    #[must_use]
    pub fn sized(self, size: u32) -> Self {
        let size = size.clamp(1, LARGEST);
        let number = self.offset() / u64::from(size) + 1;
        Self {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            size,
        }
    }
}

/// A number, however large: too large is the largest.
fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(u32::MAX))
}

/// The id in an address such as `/users/7`.
fn id(text: &str) -> Option<i32> {
    text.parse().ok().filter(|id| *id > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: u32, size: u32) -> View {
        View::Page(Page { number, size })
    }

    #[test]
    fn without_a_page_it_is_everybody() {
        assert_eq!(View::parse(None, None), View::All);
        assert_eq!(View::parse(None, Some("20")), View::All);
    }

    #[test]
    fn a_page_and_its_size_are_read() {
        assert_eq!(View::parse(Some("3"), Some("20")), page(3, 20));
        assert_eq!(View::parse(Some("3"), None), page(3, 50));
    }

    #[test]
    fn what_the_directory_does_not_take_is_brought_to_what_it_does() {
        assert_eq!(View::parse(Some("0"), Some("0")), page(1, 50));
        assert_eq!(View::parse(Some("-4"), Some("x")), page(1, 50));
        assert_eq!(View::parse(Some(""), Some("5000")), page(1, 1_000));
        assert_eq!(
            View::parse(Some("99999999999"), None),
            page(2_147_483_647, 50)
        );
    }

    #[test]
    fn a_path_reads_back_as_the_view_it_was_made_of() {
        assert_eq!(page(3, 20).path(), "/users?page=3&page_size=20");
        assert_eq!(View::All.path(), "/users");
    }

    #[test]
    fn the_last_page_holds_the_last_row() {
        let page = Page {
            number: 1,
            size: 50,
        };
        assert_eq!(page.last(0), 1);
        assert_eq!(page.last(50), 1);
        assert_eq!(page.last(51), 2);
        assert_eq!(page.last(1_000_000), 20_000);
    }

    #[test]
    fn a_page_beyond_the_end_gives_way_to_the_last() {
        let at = |number| Page { number, size: 50 };
        assert_eq!(at(20).before_the_end(1_000), None);
        assert_eq!(at(21).before_the_end(1_000), Some(at(20)));
        assert_eq!(at(2_147_483_647).before_the_end(1_000), Some(at(20)));
        // An empty directory has a first page, and nobody is on it.
        assert_eq!(at(1).before_the_end(0), None);
        assert_eq!(at(2).before_the_end(0), Some(at(1)));
    }

    #[test]
    fn an_odd_address_is_corrected_to_the_one_of_what_it_shows() {
        let corrected = |address: &str| {
            let (path, query) = address.split_at(address.find('?').unwrap_or(address.len()));
            let url = Url {
                path: path.to_owned(),
                query: query.to_owned(),
            };
            url.corrected()
        };
        for (odd, right) in [
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
            assert_eq!(corrected(odd).as_deref(), Some(right), "{odd}");
            assert_eq!(corrected(right), None, "{right}");
        }
        for fine in ["/", "/?from=mail", "/nope", "/users/0"] {
            assert_eq!(corrected(fine), None, "{fine}");
        }
    }

    #[test]
    fn another_size_keeps_the_first_row_in_view() {
        let page = Page {
            number: 5,
            size: 20,
        };
        assert_eq!(page.sized(50).number, 2);
        assert_eq!(page.sized(1_000).number, 1);
    }

    #[test]
    fn a_query_is_read_by_name() {
        let url = |query: &str| Url {
            path: "/users".to_owned(),
            query: query.to_owned(),
        };
        assert_eq!(url("?page=3&page_size=20").view(), page(3, 20));
        assert_eq!(url("?page_size=20&page=3").view(), page(3, 20));
        assert_eq!(url("?page=3&page=4").view(), page(3, 50));
        assert_eq!(url("").view(), View::All);
        assert_eq!(url("?page").view(), View::All);
        assert_eq!(url("?page=3").text(), "/users?page=3");
    }

    #[test]
    fn each_type_of_call_has_an_address() {
        let at = |path: &str| {
            let query = path.trim_start_matches('/').to_owned();
            Url {
                path: "/".to_owned(),
                query,
            }
        };
        for call in Call::ALL {
            assert_eq!(at(call.path()).room(), Room::Greet(call));
            assert_eq!(at(call.path()).corrected(), None);
        }
        for odd in ["/?call=unary", "/?call=", "/?call=Bidi"] {
            assert_eq!(at(odd).corrected().as_deref(), Some("/"), "{odd}");
        }
        let wordy = at("/?from=mail&call=bidi");
        assert_eq!(wordy.corrected().as_deref(), Some("/?call=bidi"));
    }

    #[test]
    fn each_address_is_one_page() {
        let at = |path| Room::at(path, Call::Unary);
        assert_eq!(at("/"), Room::Greet(Call::Unary));
        assert_eq!(at("/users"), Room::Directory);
        assert_eq!(at("/users/"), Room::Directory);
        assert_eq!(at("/users/7"), Room::Person(7));
        for path in ["/nope", "/users/7/x", "/usersx", "/user"] {
            assert_eq!(at(path), Room::Missing, "{path}");
        }
    }

    #[test]
    fn an_id_is_a_positive_number() {
        assert_eq!(id("7"), Some(7));
        for text in ["", "0", "-1", "x", "7.0", "99999999999"] {
            assert_eq!(id(text), None, "{text}");
            assert_eq!(
                Room::at(&("/users/".to_owned() + text + "!"), Call::Unary),
                Room::Missing
            );
        }
    }
}
