//! The C and C++ snippets of the documentation, compiled without a warning and run.

use crate::tree::Tree;
use std::path::Path;
use std::process::Command;

/// What the static library itself links, as `rustc --print native-static-libs` says on Linux.
const SYSTEM_LIBRARIES: [&str; 5] = ["-lgcc_s", "-lutil", "-lpthread", "-ldl", "-lm"];

struct Snippet {
    page: String,
    line: usize,
    language: &'static str,
    code: String,
}

/// The fenced blocks of a page that are programs: those with a `main`.
fn programs(page: &str, text: &str) -> Vec<Snippet> {
    let mut found = Vec::new();
    let mut open: Option<Snippet> = None;
    for (at, line) in text.lines().enumerate() {
        if let Some(snippet) = &mut open {
            if line == "```" {
                found.extend(open.take());
            } else {
                snippet.code.push_str(line);
                snippet.code.push('\n');
            }
        } else if let Some(language @ ("c" | "cpp")) = line.strip_prefix("```") {
            let language = if language == "c" { "c" } else { "cpp" };
            open = Some(Snippet { page: page.to_owned(), line: at + 1, language, code: String::new() });
        }
    }
    found.retain(|snippet| snippet.code.contains("int main("));
    found
}

/// Compiles, links and runs each against the static library.
pub(crate) fn run(tree: &Tree, library: &str) -> Result<(), String> {
    let pages = tree.files.iter().filter(|file| file.extension() == "md");
    let snippets: Vec<Snippet> = pages.flat_map(|file| programs(&file.path, &file.text)).collect();
    if snippets.len() < 2 {
        return Err(format!("only {} C and C++ programs were found in the documentation", snippets.len()));
    }
    let folder = tree.path("target/snippets");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    for (at, snippet) in snippets.iter().enumerate() {
        let source = folder.join(format!("{at}.{}", snippet.language));
        std::fs::write(&source, &snippet.code).map_err(|error| error.to_string())?;
        let program = folder.join(format!("{at}"));
        let compiled = compile(tree, snippet.language, &source, &program, library);
        let ran = compiled.and_then(|()| succeed(&mut Command::new(&program)));
        ran.map_err(|error| format!("{}:{}: {error}", snippet.page, snippet.line))?;
    }
    println!("{} C and C++ snippets compiled and ran", snippets.len());
    Ok(())
}

fn compile(tree: &Tree, language: &str, source: &Path, program: &Path, library: &str) -> Result<(), String> {
    let (compiler, standard) = if language == "c" { ("cc", "-std=c11") } else { ("c++", "-std=c++17") };
    let mut command = Command::new(compiler);
    command.args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"]);
    command.arg(tree.path("bindings/c/include")).arg(source).arg(library).args(SYSTEM_LIBRARIES);
    succeed(command.arg("-o").arg(program))
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let told = [output.stdout, output.stderr].concat();
    Err(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&told)))
}

#[cfg(test)]
mod tests {
    use super::programs;

    #[test]
    fn only_blocks_with_a_main_are_programs() {
        let text = "```c\nint x;\n```\n```cpp\nint main() {}\n```\n";
        let found = programs("page.md", text);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].language), (4, "cpp"));
    }
}
