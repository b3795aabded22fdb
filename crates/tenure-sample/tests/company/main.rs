//! What the sample company promises, checked from outside by counting rows.

#[cfg(test)]
mod consistency;
#[cfg(test)]
mod determinism;
#[cfg(test)]
mod files;
#[cfg(test)]
mod goals;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod performance;
#[cfg(test)]
mod planted;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod success;
#[cfg(test)]
mod support;
#[cfg(test)]
mod usage;
