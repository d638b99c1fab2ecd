//! The cache's questions to Python: who we are, and how to warn.

use coachwhip_driver::Layer;
use coachwhip_driver::cache::{self, Identity};
use pyo3::exceptions::{PyRuntimeError, PyRuntimeWarning};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::ffi::{CStr, CString};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Says who we are, when a function is first compiled.
pub fn identify(py: Python<'_>) -> PyResult<()> {
    // Not under a lock: Python code that runs here may let another thread come this way.
    if !cache::installed() {
        cache::install(identity(py)?);
    }
    Ok(())
}

fn identity(py: Python<'_>) -> PyResult<Identity> {
    let file: String = py.import("coachwhip._core")?.getattr("__file__")?.extract()?;
    let extension = PathBuf::from(file);
    let package = extension.parent().unwrap_or(Path::new("")).to_path_buf();
    let numpy: String = py.import("numpy")?.getattr("__version__")?.extract()?;
    let python = Python::version_str().split_whitespace().next().unwrap_or_default();
    // SAFETY: the function returns a constant text.
    let libc = unsafe { CStr::from_ptr(libc::gnu_get_libc_version()) }.to_string_lossy();
    Ok(Identity {
        build: build(&extension, &package),
        versions: format!(
            "{} {:?}",
            python.rsplit_once('.').map_or(python, |(minor, _)| minor),
            crate::versions::numpy(py)?
        ),
        stamp: env!("COACHWHIP_STAMP").to_owned(),
        platform: format!("Python {python}, NumPy {numpy}, glibc {libc}"),
        package: format!("{}/", package.display()),
    })
}

/// Identifies what was installed: the sources that the extension was made of, and when its files and those of the
/// library were written.
fn build(extension: &Path, package: &Path) -> [u8; 32] {
    let mut files = vec![extension.to_path_buf()];
    cache::sources(package, &mut files);
    files.sort();
    let mut text = String::from(env!("COACHWHIP_STAMP"));
    for file in files {
        let (size, time) = match std::fs::metadata(&file) {
            Ok(data) => (data.size(), (data.mtime(), data.mtime_nsec())),
            Err(_) => (0, (0, 0)),
        };
        let name = file.strip_prefix(package).unwrap_or(&file).to_owned();
        text.push_str(&format!("{name:?} {size} {time:?}\n"));
    }
    cache::identifier(text.as_bytes())
}

/// Tells the user, once, that the cache's directory cannot be trusted.
pub fn warn(py: Python<'_>) -> PyResult<()> {
    let Some(text) = cache::warning() else { return Ok(()) };
    let Ok(text) = CString::new(text) else { return Ok(()) };
    let class = py.get_type::<PyRuntimeWarning>();
    match PyErr::warn(py, class.as_any(), &text, 1) {
        // Warnings that are errors must not keep a function from being called.
        Err(error) if error.is_instance_of::<PyRuntimeWarning>(py) => {
            error.write_unraisable(py, None);
            Ok(())
        }
        outcome => outcome,
    }
}

/// The word for a layer.
pub fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::Off => "off",
        Layer::Compiled => "compiled",
        Layer::Process => "process",
        Layer::User => "user",
    }
}

/// What the cache holds, and how often it was of use.
#[pyfunction]
pub fn cache_report(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    identify(py)?;
    let report = py.detach(|| crate::fork::pass(cache::report));
    warn(py)?;
    let dict = PyDict::new(py);
    dict.set_item("path", report.path)?;
    dict.set_item("usable", report.usable)?;
    dict.set_item("limit", report.limit)?;
    dict.set_item("entries", report.totals.entries)?;
    dict.set_item("bytes", report.totals.bytes)?;
    let [hits, misses] = report.counts;
    dict.set_item("hits", hits)?;
    dict.set_item("misses", misses)?;
    let [hits, misses] = report.process;
    dict.set_item("process_hits", hits)?;
    dict.set_item("process_misses", misses)?;
    Ok(dict)
}

/// Empties the cache; returns the number of entries and of bytes that were in it.
#[pyfunction]
pub fn cache_clear(py: Python<'_>) -> PyResult<(u64, u64)> {
    identify(py)?;
    let totals = py.detach(|| crate::fork::pass(cache::clear));
    warn(py)?;
    Ok((totals.entries, totals.bytes))
}

/// From now on, library functions that are compiled are gathered for a layer.
#[pyfunction]
pub fn layer_record(py: Python<'_>) -> PyResult<()> {
    identify(py)?;
    cache::layer::record();
    Ok(())
}

/// Writes what was gathered to the package; the path, the number of entries and the bytes.
#[pyfunction]
pub fn layer_write(py: Python<'_>) -> PyResult<(PathBuf, usize, usize)> {
    let file: String = py.import("coachwhip._core")?.getattr("__file__")?.extract()?;
    let target = Path::new(&file).with_file_name(cache::layer::FILE);
    let Some((data, count)) = cache::layer::written() else {
        return Err(PyRuntimeError::new_err("nothing was gathered: call layer_record() first"));
    };
    let fresh = target.with_extension("new");
    std::fs::write(&fresh, &data)?;
    std::fs::rename(&fresh, &target)?;
    Ok((target, count, data.len()))
}
