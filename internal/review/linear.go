package review

import "math"

// matrix is a square, symmetric matrix, stored by rows.
type matrix struct {
	n     int
	cells []float64
}

func newMatrix(n int) matrix { return matrix{n, make([]float64, n*n)} }

func (m matrix) at(i, j int) float64     { return m.cells[i*m.n+j] }
func (m matrix) add(i, j int, v float64) { m.cells[i*m.n+j] += v }
func (m matrix) row(i int) []float64     { return m.cells[i*m.n : (i+1)*m.n] }

// cholesky is the lower triangle L of a positive definite matrix L Lᵀ.
type cholesky struct{ matrix }

// factor works row by row, so that both operands of the inner product lie in
// memory one after the other.
func factor(m matrix) cholesky {
	l := newMatrix(m.n)
	for i := range m.n {
		for j := range i + 1 {
			sum := m.at(i, j) - dot(l.row(i)[:j], l.row(j)[:j])
			if i == j {
				l.cells[i*m.n+i] = math.Sqrt(sum)
			} else {
				l.cells[i*m.n+j] = sum / l.at(j, j)
			}
		}
	}
	return cholesky{l}
}

// leading returns the factor of the matrix's first n rows and columns.
func (c cholesky) leading(n int) cholesky {
	l := newMatrix(n)
	for i := range n {
		copy(l.row(i), c.row(i)[:n])
	}
	return cholesky{l}
}

func (c cholesky) solve(b []float64) []float64 {
	x := make([]float64, c.n)
	for i := range x {
		x[i] = (b[i] - dot(c.row(i)[:i], x[:i])) / c.at(i, i)
	}
	for i := c.n - 1; i >= 0; i-- {
		x[i] /= c.at(i, i)
		for j := range i {
			x[j] -= c.at(i, j) * x[i]
		}
	}
	return x
}

// invert returns the inverse of L Lᵀ as the product of L⁻ᵀ and L⁻¹.
func (c cholesky) invert() matrix {
	// columns of L⁻¹, kept as rows so that the products run along memory.
	t := newMatrix(c.n)
	for j := range c.n {
		col := t.row(j)
		col[j] = 1 / c.at(j, j)
		for i := j + 1; i < c.n; i++ {
			col[i] = -dot(c.row(i)[j:i], col[j:i]) / c.at(i, i)
		}
	}
	inverse := newMatrix(c.n)
	for i := range c.n {
		for j := range i + 1 {
			v := dot(t.row(i)[i:], t.row(j)[i:])
			inverse.cells[i*c.n+j], inverse.cells[j*c.n+i] = v, v
		}
	}
	return inverse
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
