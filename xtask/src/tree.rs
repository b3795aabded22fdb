//! The files of the project, without what is built or downloaded.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold no source; hidden ones are skipped as well, but for those of the project.
const NOT_SOURCE: [&str; 9] =
    ["target", "dist", "out", "book", "build", "corpus", "artifacts", "__pycache__", "node_modules"];
const OWN_HIDDEN: [&str; 3] = [".cargo", ".ci", ".gitignore"];

/// The project's text files.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    pub(crate) files: Vec<File>,
}

/// One text file.
#[derive(Debug)]
pub(crate) struct File {
    /// Relative to the root, with `/` between the parts.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// The file's name without folder and extension.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split_once('.').map_or(name, |(stem, _)| stem)
    }

    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

impl Tree {
    /// Reads the workspace that this command was built in.
    pub(crate) fn of_the_workspace() -> Result<Self, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask lies in no workspace")?;
        let mut tree = Self { root: root.to_path_buf(), files: Vec::new() };
        tree.read(root)?;
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub(crate) fn file(&self, path: &str) -> Result<&File, String> {
        self.files.iter().find(|file| file.path == path).ok_or_else(|| format!("there is no {path}"))
    }

    /// The files in a folder and below it.
    pub(crate) fn under<'t>(&'t self, folder: &'t str) -> impl Iterator<Item = &'t File> {
        self.files
            .iter()
            .filter(move |file| file.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }

    fn read(&mut self, folder: &Path) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let hidden = name.starts_with('.') && !OWN_HIDDEN.contains(&name.as_str());
            if hidden || NOT_SOURCE.contains(&name.as_str()) || name.ends_with(".egg-info") {
                continue;
            }
            let path = entry.path();
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                self.read(&path)?;
            } else if kind.is_file()
                // What is not text (a picture, a library) is nothing to check.
                && let Ok(text) = fs::read_to_string(&path)
            {
                let relative = path.strip_prefix(&self.root).unwrap_or(&path);
                let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
                self.files.push(File { path: parts.join("/"), text });
            }
        }
        Ok(())
    }
}
