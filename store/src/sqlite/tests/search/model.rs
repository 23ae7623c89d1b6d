//! Random commands and lists, compared with a list that is searched and sorted naively.

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
        2 => (any::<usize>(), name).prop_map(|(user, name)| Step::Rename(user, name)),
        2 => any::<usize>().prop_map(Step::Delete),
        1 => any::<usize>().prop_map(Step::Restore),
    ]
}

#[derive(Default)]
struct Model {
    users: Vec<User>,
    trash: Vec<User>,
}

impl Model {
    fn execute(&mut self, store: &Store, number: usize, step: Step) {
        let pick = |users: &[User], user: usize| (!users.is_empty()).then(|| user % users.len());
        match step {
            Step::Create(name) => {
                let command = create(&name, &format!("{number}@b.example"));
                self.users.push(execute_ok(store, command));
            }
            Step::Rename(user, name) => {
                if let Some(at) = pick(&self.users, user) {
                    let command = rename(self.users[at].id, &name, None);
                    self.users[at] = execute_ok(store, command);
                }
            }
            Step::Delete(user) => {
                if let Some(at) = pick(&self.users, user) {
                    let id = self.users.remove(at).id;
                    self.trash.push(execute_ok(store, delete(id)));
                }
            }
            Step::Restore(user) => {
                if let Some(at) = pick(&self.trash, user) {
                    let id = self.trash.remove(at).id;
                    self.users.push(execute_ok(store, restore(id)));
                }
            }
        }
    }

    fn list(&self, params: &ListParams<'_>) -> Vec<User> {
        let ListParams { filter, query, .. } = params;
        let users = if filter.deleted {
            &self.trash
        } else {
            &self.users
        };
        let term = SearchTerm::new(query);
        let rank = |user: &User| {
            let Some(term) = &term else {
                return Some(0);
            };
            if query.parse() == Ok(user.id.get()) {
                return Some(0);
            }
            let name = fold(user.name.as_str());
            let rank = term.matches(&name, &fold(user.email.as_str()));
            rank.map(|rank| 1 + rank.index())
        };
        let mut found: Vec<_> = users.iter().filter(|user| rank(user).is_some()).collect();
        found.retain(|user| {
            filter
                .min_update_time
                .is_none_or(|min| user.update_time >= min)
        });
        found.retain(|user| match filter.sample_filter {
            SampleFilter::Include => true,
            SampleFilter::Exclude => !user.sample,
            SampleFilter::Only => user.sample,
        });
        let (field, direction) = params
            .order_by
            .split_once(' ')
            .unwrap_or((params.order_by, ""));
        found.sort_by_key(|user| {
            let text = match field {
                "name" => fold(user.name.as_str()).into_owned(),
                "email" => user.email.key().into_owned(),
                _ => String::new(),
            };
            let number = match field {
                "" => rank(user).unwrap_or_default() as u64,
                "update_time" => user.revision.0,
                _ => 0,
            };
            (text, number, user.id)
        });
        if direction == "desc" {
            found.reverse();
        }
        found.into_iter().cloned().collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn lists_are_those_of_a_model_after_any_commands(
        steps in prop::collection::vec(step(), 1..60),
        queries in prop::collection::vec("[ab1@山]{1,2}|[ab] [a1]", 3),
    ) {
        let folder = Folder::new();
        let store = new_store(&folder);
        prop_assert_eq!(remove_samples(&store, usize::MAX), 999);
        let mut model = Model::default();
        let john = block_on(store.user(user_id(1))).expect("read").expect("John");
        model.users.push(john);
        for (number, step) in steps.into_iter().enumerate() {
            model.execute(&store, number, step);
        }
        let median = model.users.get(model.users.len() / 2).map(|user| user.update_time);
        for query in queries.iter().map(String::as_str).chain(["", "1"]) {
            for order_by in ORDERS {
                for (sample_filter, deleted, min_update_time) in [
                    (SampleFilter::Include, false, None),
                    (SampleFilter::Include, true, None),
                    (SampleFilter::Exclude, false, median),
                    (SampleFilter::Only, false, None),
                ] {
                    let filter = Filter { sample_filter, deleted, min_update_time };
                    let params = ListParams { query, order_by, filter, ..ListParams::default() };
                    let list = read_list(&store, &params);
                    prop_assert_eq!(&list.users, &model.list(&params), "{:?}", params);
                    let first = read_list(&store, &ListParams { page: 1, page_size: 3, ..params });
                    prop_assert!(list.users.starts_with(&first.users));
                    if let Some(cursor) = &first.next {
                        let second = read_after(&store, &params, cursor, 3).users;
                        prop_assert!(list.users[3..].starts_with(&second), "{:?}", params);
                    }
                }
            }
        }
    }
}
