//! Where a place is, in words and on the drawn map.

use super::*;

fn sketch() -> Sketch {
    Sketch::read(include_str!("../../../public/maps/sketch.json")).unwrap()
}

fn sector(text: &str) -> Sector {
    text.parse().unwrap()
}

#[test]
fn the_file_is_small_and_every_name_lies_in_it() {
    let sketch = sketch();
    assert!(include_bytes!("../../../public/maps/sketch.json").len() < 32 << 10, "it has grown");
    let (wide, high) = sketch.size();
    let inside = |(x, y): Point| x > 0.0 && y > 0.0 && x < wide && y < high;
    assert!(sketch.villages.iter().all(|village| inside(sketch.at(village))));
    assert!(sketch.lakes.iter().all(|it| inside((f64::from(it.x), f64::from(it.y)))));
    assert_eq!(sketch.villages.iter().filter(|village| village.own).count(), 3);
}

#[test]
fn a_sector_is_found_again_where_it_is_drawn() {
    let sketch = sketch();
    for text in ["47.3350,-79.4325", "46.7200,-79.0950", "47.9950,-77.6025"] {
        let it = sector(text);
        assert_eq!(sketch.sector(sketch.middle(it), None), Some(it), "{text}");
    }
    let bounds = "46.2000,-79.7000,48.0000,-77.6000".parse().ok();
    let beyond = sector("47.4950,-79.7175");
    assert_eq!(sketch.sector(sketch.middle(beyond), None), Some(beyond));
    assert_eq!(sketch.sector(sketch.middle(beyond), bounds), None);
    assert_eq!(sketch.sector((-1.0, 5.0), None), None);
}

#[test]
fn a_sector_is_said_by_the_village_next_to_it() {
    let sketch = sketch();
    let near = |text: &str| {
        let near = sketch.near(sector(text)).unwrap();
        (near.village.to_string(), near.way)
    };
    assert_eq!(near("47.3350,-79.4325"), ("Ville-Marie".to_owned(), None));
    assert_eq!(near("47.3050,-79.4325"), ("Ville-Marie".to_owned(), Some((3.0, Wind::S))));
    assert_eq!(near("47.3350,-79.4475"), ("Ville-Marie".to_owned(), Some((1.0, Wind::W))));
    assert_eq!(near("47.3600,-79.3950"), ("Ville-Marie".to_owned(), Some((4.0, Wind::NE))));
    assert_eq!(near("46.6800,-79.1550").1.unwrap().1, Wind::SW);
}

#[test]
fn a_view_stays_in_the_sketch_and_keeps_what_is_under_the_fingers() {
    let sketch = sketch();
    let here = sketch.middle(sector("47.3350,-79.4325"));
    let view = View::of(&sketch, &[here]);
    let close = view.zoomed(0.5, (0.25, 0.25), &sketch);
    let (was, is) = (view.point((0.25, 0.25)), close.point((0.25, 0.25)));
    assert!((was.0 - is.0).abs() < 1e-6 && (was.1 - is.1).abs() < 1e-6);
    let (left, top, ..) = view.moved((-100.0, -100.0), &sketch).frame();
    assert!(left.abs() < 1e-6 && top.abs() < 1e-6);
    assert_eq!(view.zoomed(100.0, (0.5, 0.5), &sketch), View::whole(&sketch));
    let (across, down) = view.part(here).unwrap();
    assert!((view.point((across, down)).0 - here.0).abs() < 1e-6);
    let far = sketch.middle(sector("46.7200,-79.0950"));
    assert_eq!(view.part(far), None);
    assert_eq!(view.with(here, &sketch), view);
    let (left, top, wide, high) = view.with(far, &sketch).frame();
    assert!((left..left + wide).contains(&far.0) && (top..top + high).contains(&far.1));
}

#[test]
fn a_still_finger_chooses_one_that_slides_moves_and_two_change_the_width() {
    let sketch = sketch();
    let view = View::of(&sketch, &[sketch.middle(sector("47.3350,-79.4325"))]);
    let mut fingers = Fingers::default();
    fingers.put(1, (0.5, 0.5));
    assert_eq!(fingers.slide(1, (0.51, 0.5), view, &sketch), view);
    assert!(fingers.lift(1));
    fingers.put(1, (0.5, 0.5));
    assert_eq!(fingers.slide(1, (0.4, 0.5), view, &sketch), view.moved((0.1, 0.0), &sketch));
    assert!(!fingers.lift(1));
    fingers.put(1, (0.4, 0.5));
    fingers.put(2, (0.6, 0.5));
    let close = fingers.slide(2, (0.8, 0.5), view, &sketch);
    assert!((close.frame().2 - view.frame().2 / 2.0).abs() < 1e-6);
    assert!(!fingers.lift(2) && !fingers.lift(1));
    // The next one is a new one.
    fingers.put(3, (0.5, 0.5));
    assert!(fingers.lift(3) && !fingers.lift(3));
}

#[test]
fn marks_are_counted_by_sector_and_met_by_a_finger_next_to_them() {
    let sketch = sketch();
    let (one, other) = (sector("47.3350,-79.4325"), sector("47.3350,-79.4475"));
    let marks = counted([other, one, other].into_iter());
    assert_eq!(marks, [(other, 2), (one, 1)]);
    let (x, y) = sketch.middle(one);
    assert_eq!(hit(&sketch, &marks, (x + 10.0, y), 20.0), Some(one));
    assert_eq!(hit(&sketch, &marks, (x + 30.0, y), 20.0), None);
}
