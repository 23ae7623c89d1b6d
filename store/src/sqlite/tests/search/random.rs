//! Any changes and any lists, against a list that is searched and sorted by hand.

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Create(String),
    Rename(usize, String),
    Delete(usize),
    Restore(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let name = "[aàbBzŻ山 ]{0,5}[ab]";
    prop_oneof![
        3 => name.prop_map(Step::Create),
        2 => (any::<usize>(), name).prop_map(|(who, name)| Step::Rename(who, name)),
        2 => any::<usize>().prop_map(Step::Delete),
        1 => any::<usize>().prop_map(Step::Restore),
    ]
}

/// The directory as a list that is searched and sorted by hand.
#[derive(Default)]
struct Model {
    there: Vec<User>,
    bin: Vec<User>,
}

impl Model {
    fn take(&mut self, store: &Store, number: usize, step: Step) {
        let expected = None;
        let pick = |users: &[User], who: usize| (!users.is_empty()).then(|| who % users.len());
        match step {
            Step::Create(name) => {
                let NewUser { name, email } = new_user(&name, &format!("{number}@b.example"));
                self.there
                    .push(do_now(store, Command::Create { name, email }));
            }
            Step::Rename(who, name) => {
                let Some(at) = pick(&self.there, who) else {
                    return;
                };
                let edit = Command::Update {
                    id: self.there[at].id,
                    name: Some(Name::parse(&name).expect("a name")),
                    email: None,
                    expected,
                };
                self.there[at] = do_now(store, edit);
            }
            Step::Delete(who) => {
                if let Some(at) = pick(&self.there, who) {
                    let id = self.there.remove(at).id;
                    self.bin
                        .push(do_now(store, Command::Delete { id, expected }));
                }
            }
            Step::Restore(who) => {
                if let Some(at) = pick(&self.bin, who) {
                    let id = self.bin.remove(at).id;
                    self.there
                        .push(do_now(store, Command::Restore { id, expected }));
                }
            }
        }
    }

    fn find(&self, wanted: &ListParams<'_>) -> Vec<User> {
        let ListParams { filter, query, .. } = wanted;
        let from = if filter.deleted {
            &self.bin
        } else {
            &self.there
        };
        let needle = SearchTerm::new(query);
        let rank = |user: &User| {
            let Some(needle) = &needle else {
                return Some(0);
            };
            if query.parse() == Ok(user.id.get()) {
                return Some(0);
            }
            let name = fold(user.name.as_str());
            let rank = needle.matches(&name, &fold(user.email.as_str()));
            rank.map(|rank| 1 + rank.index())
        };
        let mut found: Vec<_> = from.iter().filter(|user| rank(user).is_some()).collect();
        found.retain(|user| {
            filter
                .min_update_time
                .is_none_or(|since| user.update_time >= since)
        });
        found.retain(|user| match filter.sample_filter {
            SampleFilter::Include => true,
            SampleFilter::Exclude => !user.sample,
            SampleFilter::Only => user.sample,
        });
        let (by, way) = wanted
            .order_by
            .split_once(' ')
            .unwrap_or((wanted.order_by, ""));
        found.sort_by_key(|user| {
            let text = match by {
                "name" => fold(user.name.as_str()).into_owned(),
                "email" => user.email.key().into_owned(),
                _ => String::new(),
            };
            let number = match by {
                "" => rank(user).unwrap_or_default() as u64,
                "update_time" => user.revision.0,
                _ => 0,
            };
            (text, number, user.id)
        });
        if way == "desc" {
            found.reverse();
        }
        found.into_iter().cloned().collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_was_done_lists_are_those_of_a_model(
        steps in prop::collection::vec(step(), 1..60),
        texts in prop::collection::vec("[ab1@山]{1,2}|[ab] [a1]", 3),
    ) {
        let folder = Folder::new();
        let store = fresh(&folder);
        let gone = store.remove_samples(usize::MAX).and_then(Pending::wait);
        prop_assert_eq!(gone.expect("removed"), 999);
        let mut model = Model::default();
        let john = block_on(store.user(id(1))).expect("read").expect("John");
        model.there.push(john);
        for (number, step) in steps.into_iter().enumerate() {
            model.take(&store, number, step);
        }
        let middle = model.there.get(model.there.len() / 2).map(|user| user.update_time);
        let texts = texts.iter().map(String::as_str).chain(["", "1"]);
        for query in texts {
            for order_by in ORDERS {
                for (samples, in_bin, changed_since) in [
                    (SampleFilter::Include, false, None),
                    (SampleFilter::Include, true, None),
                    (SampleFilter::Exclude, false, middle),
                    (SampleFilter::Only, false, None),
                ] {
                    let filter = Filter { sample_filter: samples, deleted: in_bin, min_update_time: changed_since };
                    let wanted = ListParams { query, order_by, filter, ..ListParams::default() };
                    let found = find(&store, &wanted);
                    prop_assert_eq!(&found.users, &model.find(&wanted), "{:?}", wanted);
                    let first = find(&store, &ListParams { page: 1, page_size: 3, ..wanted });
                    prop_assert!(found.users.starts_with(&first.users));
                    if let Some(cursor) = &first.next {
                        let second = find_after(&store, &wanted, cursor, 3).users;
                        prop_assert!(found.users[3..].starts_with(&second), "{:?}", wanted);
                    }
                }
            }
        }
    }
}
