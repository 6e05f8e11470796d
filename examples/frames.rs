//! Draws every screen and overlay at one size and writes each as text with colours, to be looked at or turned into pictures:
//! `cargo run --example frames -- FOLDER COLUMNSxROWS`.

use std::fmt::Write as _;

use crossterm::event::KeyCode;
use firedrill::tui::input::Chord;
use firedrill::tui::{App, Input, Scene, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

#[path = "../tests/it/screens/fixture.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
mod fixture;
#[path = "../tests/it/screens/pictures.rs"]
mod pictures;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap_or_else(|| "frames".into());
    let size = args.next().unwrap_or_else(|| "120x36".into());
    let (columns, rows) = size.split_once('x').ok_or("a size is expected, for example 120x36")?;
    let (columns, rows): (u16, u16) = (columns.parse()?, rows.parse()?);
    std::fs::create_dir_all(&folder)?;
    for picture in pictures::all() {
        let held = picture.held();
        let lobby = fixture::lobby(None);
        let scene = held.as_ref().map_or(Scene::Lobby(&lobby), |held| held.scene());
        let mut app = App::new(Theme::sixteen());
        app.handle(Input::Resize(columns, rows), &scene);
        for key in picture.keys {
            app.handle(Input::Key(key_of(key)), &scene);
        }
        let mut terminal = Terminal::new(TestBackend::new(columns, rows))?;
        terminal.draw(|frame| app.draw(frame, &scene))?;
        std::fs::write(format!("{folder}/{}.ansi", picture.name), ansi(terminal.backend().buffer()))?;
    }
    Ok(())
}

fn key_of(name: &str) -> Chord {
    pictures::chord(name).unwrap_or(Chord::key(KeyCode::Null))
}

/// A buffer as text with the usual colour sequences.
fn ansi(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let Some(cell) = buffer.cell((x, y)) else { continue };
            let mut codes = vec!["0".to_owned()];
            let dim = cell.modifier.contains(Modifier::DIM);
            for (modifier, code) in [(Modifier::BOLD, 1), (Modifier::DIM, 2), (Modifier::REVERSED, 7)] {
                if cell.modifier.contains(modifier) {
                    codes.push(code.to_string());
                }
            }
            codes.extend(colour(cell.fg, dim).map(|code| code.to_string()));
            let _always = write!(out, "\x1b[{}m{}", codes.join(";"), cell.symbol());
        }
        out.push_str("\x1b[0m\r\n");
    }
    out
}

/// Not every program that turns this into a picture knows dim text, so that is shown as dark grey.
fn colour(colour: Color, dim: bool) -> Option<u8> {
    match colour {
        Color::Red => Some(31),
        Color::Green => Some(32),
        Color::Yellow => Some(33),
        Color::Blue => Some(34),
        Color::Magenta => Some(35),
        Color::Cyan => Some(36),
        Color::DarkGray => Some(90),
        _ if dim => Some(90),
        _ => None,
    }
}
