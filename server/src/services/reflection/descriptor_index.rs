use std::collections::HashMap;

use bytes::Bytes;
use prost::{DecodeError, Message as _};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet,
};

/// File descriptors by file name, and by every symbol that they define.
#[derive(Debug, Default)]
pub(super) struct DescriptorIndex {
    /// Names including their package.
    pub(super) services: Vec<String>,
    files: HashMap<String, Bytes>,
    symbols: HashMap<String, Bytes>,
}

impl DescriptorIndex {
    /// Indexes encoded descriptor sets. A file that is in several of them is indexed once.
    pub(super) fn new(sets: &[&[u8]]) -> Result<Self, DecodeError> {
        let mut index = Self::default();
        for set in sets {
            for file in FileDescriptorSet::decode(*set)?.file {
                if !index.files.contains_key(file.name()) {
                    index.add_file(&file);
                }
            }
        }
        Ok(index)
    }

    pub(super) fn file(&self, name: &str) -> Option<&Bytes> {
        self.files.get(name)
    }

    /// The file that defines a symbol.
    pub(super) fn symbol(&self, name: &str) -> Option<&Bytes> {
        self.symbols.get(name)
    }

    fn add_file(&mut self, file: &FileDescriptorProto) {
        let bytes = Bytes::from(file.encode_to_vec());
        self.files.insert(file.name().to_owned(), bytes.clone());
        let package = file.package();
        for service in &file.service {
            let name = qualified(package, service.name());
            for method in &service.method {
                self.add_symbol(&name, method.name(), &bytes);
            }
            self.symbols.insert(name.clone(), bytes.clone());
            self.services.push(name);
        }
        self.add_types(package, &file.message_type, &file.enum_type, &bytes);
        self.add_fields(package, &file.extension, &bytes);
    }

    fn add_types(
        &mut self,
        scope: &str,
        messages: &[DescriptorProto],
        enums: &[EnumDescriptorProto],
        file: &Bytes,
    ) {
        for message in messages {
            let name = qualified(scope, message.name());
            self.add_types(&name, &message.nested_type, &message.enum_type, file);
            self.add_fields(&name, &message.field, file);
            self.add_fields(&name, &message.extension, file);
            for oneof in &message.oneof_decl {
                self.add_symbol(&name, oneof.name(), file);
            }
            self.symbols.insert(name, file.clone());
        }
        for enumeration in enums {
            self.add_symbol(scope, enumeration.name(), file);
            // Values are siblings of their enum, as in C++.
            for value in &enumeration.value {
                self.add_symbol(scope, value.name(), file);
            }
        }
    }

    fn add_fields(&mut self, scope: &str, fields: &[FieldDescriptorProto], file: &Bytes) {
        for field in fields {
            self.add_symbol(scope, field.name(), file);
        }
    }

    fn add_symbol(&mut self, scope: &str, name: &str, file: &Bytes) {
        self.symbols.insert(qualified(scope, name), file.clone());
    }
}

fn qualified(scope: &str, name: &str) -> String {
    if scope.is_empty() {
        name.to_owned()
    } else {
        format!("{scope}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_is_found() {
        let sets = [
            frontdesk::FILE_DESCRIPTOR_SET,
            tonic_health::pb::FILE_DESCRIPTOR_SET,
        ];
        let index = DescriptorIndex::new(&sets).expect("valid descriptor sets");
        for name in [
            "user.UserService",
            "user.UserService.GetUser",
            "UserService",
            "greeter.HelloRequest",
            "greeter.HelloRequest.name",
            "grpc.health.v1.HealthCheckResponse.ServingStatus",
            "grpc.health.v1.HealthCheckResponse.NOT_SERVING",
        ] {
            assert!(index.symbol(name).is_some(), "{name}");
        }
        assert!(index.symbol("greeter").is_none());
    }
}
