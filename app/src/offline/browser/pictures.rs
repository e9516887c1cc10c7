//! Photos made small on a canvas, which also leaves behind whatever the camera wrote into
//! the file: place, time, device. Parts of them can be painted over.

use domain::pictures::{THUMB_MAX, bare};
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlImageElement, ImageBitmap};

/// The longest side of a picture, in pixels.
const FULL: u32 = 1_600;
/// Sizes and qualities of small ones, tried in this order until one fits.
const THUMBS: [(u32, f64); 6] = [(360, 0.7), (320, 0.6), (320, 0.45), (240, 0.45), (200, 0.35), (120, 0.3)];

/// A photo in two sizes, both JPEG.
pub struct Pictures {
    /// The picture.
    pub full: Vec<u8>,
    /// The small one.
    pub thumb: Vec<u8>,
}

/// Makes the two sizes of a file; none when the browser cannot read it as a picture.
pub async fn downscale(file: &File) -> Option<Pictures> {
    sizes(web_sys::window()?.create_image_bitmap_with_blob(file).ok()?, &[]).await
}

/// The same of a picture that the page shows. What `covers` names is black: left, top, width and height, as parts of it.
pub async fn covered(image: &HtmlImageElement, covers: &[[f64; 4]]) -> Option<Pictures> {
    let bitmap = web_sys::window()?.create_image_bitmap_with_html_image_element(image).ok()?;
    sizes(bitmap, covers).await
}

async fn sizes(bitmap: Promise, covers: &[[f64; 4]]) -> Option<Pictures> {
    let bitmap = JsFuture::from(bitmap).await.ok()?;
    let bitmap: ImageBitmap = bitmap.unchecked_into();
    let full = jpeg(&bitmap, FULL, 0.8, covers).await?;
    let mut thumb = None;
    for (side, quality) in THUMBS {
        thumb =
            Some(jpeg(&bitmap, side, quality, covers).await?).filter(|thumb| thumb.len() as u64 <= THUMB_MAX);
        if thumb.is_some() {
            break;
        }
    }
    bitmap.close();
    Some(Pictures { full, thumb: thumb? })
}

async fn jpeg(bitmap: &ImageBitmap, longest: u32, quality: f64, covers: &[[f64; 4]]) -> Option<Vec<u8>> {
    let (width, height) = fit(bitmap.width(), bitmap.height(), longest)?;
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
    // JPEG knows no transparency.
    context.set_fill_style_str("#fff");
    let (w, h) = (f64::from(width), f64::from(height));
    context.fill_rect(0.0, 0.0, w, h);
    context.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, w, h).ok()?;
    context.set_fill_style_str("#000");
    for [left, top, width, height] in covers {
        // Half a pixel at an edge would let through what is beneath it.
        let (from_x, from_y) = ((left * w).floor(), (top * h).floor());
        let (to_x, to_y) = (((left + width) * w).ceil(), ((top + height) * h).ceil());
        context.fill_rect(from_x, from_y, to_x - from_x, to_y - from_y);
    }
    let made = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        let asked = canvas.to_blob_with_type_and_encoder_options(
            done.unchecked_ref(),
            "image/jpeg",
            &JsValue::from_f64(quality),
        );
        if asked.is_err() {
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    let blob: Blob = JsFuture::from(made).await.ok()?.dyn_into().ok()?;
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    // An old phone has few canvases to give.
    canvas.set_width(0);
    // Some browsers write EXIF into what they draw; the server takes none.
    bare(&Uint8Array::new(&buffer).to_vec())
}

/// The size that fits a longest side; none for an empty picture.
fn fit(width: u32, height: u32, longest: u32) -> Option<(u32, u32)> {
    let side = width.max(height);
    if width == 0 || height == 0 {
        return None;
    }
    if side <= longest {
        return Some((width, height));
    }
    let scaled = |n: u32| u32::try_from(u64::from(n) * u64::from(longest) / u64::from(side)).ok();
    Some((scaled(width)?.max(1), scaled(height)?.max(1)))
}
