//! The endpoint: a listener on loopback, a thread for each connection, one account behind a lock.

use std::io::{self, BufReader};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::faults::{Fault, Faults, When};
use crate::http::{self, Request, Response};
use crate::wire::{self, Call};
use crate::{Account, ApiError, Principal};

/// A call that arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Service.
    pub service: String,
    /// Operation.
    pub operation: String,
    /// Its input.
    pub input: serde_json::Value,
    /// What it met.
    pub fault: Option<Fault>,
}

#[derive(Debug)]
struct State {
    account: Account,
    faults: Faults,
    seen: Vec<Seen>,
    /// Wall time that has been let pass in the account.
    until: Instant,
    /// Account seconds in a second.
    rate: f64,
    /// Seconds by which the `Date` header is off.
    skew: f64,
}

/// An endpoint that is being served. It ends when this is dropped.
#[derive(Debug)]
pub struct Endpoint {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    over: Arc<AtomicBool>,
}

impl Endpoint {
    /// Serves an account on a free port of loopback, with time as on the wall.
    ///
    /// # Errors
    /// When no port can be had.
    #[expect(clippy::disallowed_methods, reason = "the account's time goes by the wall's; no drill reads it")]
    pub fn serve(account: Account) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let (faults, seen, until) = (Faults::default(), Vec::new(), Instant::now());
        let state = Arc::new(Mutex::new(State { account, faults, seen, until, rate: 1.0, skew: 0.0 }));
        let over = Arc::new(AtomicBool::new(false));
        let (shared, ended) = (Arc::clone(&state), Arc::clone(&over));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(stream), shared) = (stream, Arc::clone(&shared)) else { continue };
                // A client that went away is nobody's trouble.
                thread::spawn(move || converse(stream, &shared));
            }
        });
        Ok(Self { address, state, over })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The account's time runs so many times as fast as the wall's.
    pub fn hurry(&self, rate: f64) {
        let mut state = self.locked();
        state.rate = rate;
    }

    /// Lets time pass in the account.
    pub fn advance(&self, by: Duration) {
        let mut state = self.locked();
        let to = state.account.now() + by.as_secs_f64();
        state.account.advance(to);
    }

    /// The `Date` header is off by so many seconds from now on.
    pub fn skew(&self, seconds: f64) {
        self.locked().skew = seconds;
    }

    /// Something goes wrong.
    pub fn fault(&self, when: When) {
        self.locked().faults.0.push(when);
    }

    /// Nothing goes wrong any more.
    pub fn mend(&self) {
        self.locked().faults.0.clear();
    }

    /// Looks at the account, or changes it, at its own time.
    pub fn account<T>(&self, look: impl FnOnce(&mut Account) -> T) -> T {
        look(&mut self.locked().account)
    }

    /// The calls so far, in order.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.locked().seen.clone()
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        current(&self.state)
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // Wakes the listener, which may be gone already.
        let _ = TcpStream::connect(self.address);
    }
}

/// The state at this moment of the wall.
#[expect(clippy::disallowed_methods, reason = "the account's time goes by the wall's; no drill reads it")]
fn current(state: &Mutex<State>) -> MutexGuard<'_, State> {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let passed = state.until.elapsed();
    state.until += passed;
    let to = state.account.now() + passed.as_secs_f64() * state.rate;
    state.account.advance(to);
    state
}

fn converse(stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let mut from = BufReader::new(stream.try_clone()?);
    let mut to = stream;
    to.set_nodelay(true)?;
    while let Some(request) = http::read(&mut from)? {
        let Some(response) = answered(&request, state) else {
            return to.shutdown(Shutdown::Both);
        };
        let date = {
            let state = current(state);
            wire::date(state.account.now() + state.skew)
        };
        http::write(&mut to, &response, &date)?;
    }
    Ok(())
}

/// The answer to a request. `None`: the connection is cut.
fn answered(request: &Request, state: &Mutex<State>) -> Option<Response> {
    let call = match wire::read(request) {
        Ok(call) => call,
        Err(error) => return Some(wire::refused(wire::guess(request), &error)),
    };
    let fault = {
        let mut state = current(state);
        let fault = state.faults.meet(call.model.name, call.operation);
        let (service, operation) = (call.model.name.to_owned(), call.operation.to_owned());
        state.seen.push(Seen { service, operation, input: call.input.clone(), fault });
        fault
    };
    let refuse =
        |code: &str, status| Some(wire::refused(call.wire, &ApiError::new(code, "on demand").with_status(status)));
    match fault {
        None => Some(done(&call, state)),
        Some(Fault::Throttled) => refuse("ThrottlingException", 429),
        Some(Fault::Status(status)) => refuse("InternalServerError", status),
        Some(Fault::ExpiredToken) => refuse("ExpiredTokenException", 403),
        Some(Fault::Denied) => refuse("AccessDeniedException", 403),
        Some(Fault::Reset) => None,
        Some(Fault::ReplyLost) => {
            done(&call, state);
            None
        }
        Some(Fault::Slow(by)) => {
            thread::sleep(by);
            Some(done(&call, state))
        }
        Some(Fault::Hang(by)) => {
            thread::sleep(by);
            None
        }
    }
}

fn done(call: &Call, state: &Mutex<State>) -> Response {
    let answer = current(state).account.call(&Principal::Operator, (call.model.name, call.operation), &call.input);
    wire::write(call, &answer)
}
