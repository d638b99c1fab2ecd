//! Emission of small cases, as text.
